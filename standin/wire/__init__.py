"""How the population looks on the wire: TikTok's structures as bytes."""
