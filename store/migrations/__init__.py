"""The steps that brought the tables to their present form, run by `store.schema` and `alembic`."""
