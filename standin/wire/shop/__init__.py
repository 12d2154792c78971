"""How the shop looks on the wire: listing objects, product pages of three shapes, stores, router documents."""
