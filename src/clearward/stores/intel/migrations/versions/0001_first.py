"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "claims",
        sa.Column("object", _LONG, autoincrement=False, nullable=False),
        sa.Column("source", sa.Integer(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("object", "source"),
    )
    op.create_table(
        "groups",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "held",
        sa.Column("object", _LONG, autoincrement=False, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("object"),
    )
    op.create_table(
        "links",
        sa.Column("object", _LONG, autoincrement=False, nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("end", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("object", "place"),
    )
    op.create_index("links_by_target", "links", ["target"], unique=False)
    op.create_table(
        "objects",
        sa.Column("added", _LONG, autoincrement=False, nullable=False),
        sa.Column("collection", sa.Integer(), nullable=False),
        sa.Column("shelf", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.Column("source", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("spec", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.Boolean(), nullable=False),
        sa.Column("last", sa.Boolean(), nullable=False),
        sa.Column("mixed", sa.Boolean(), nullable=False),
        sa.Column("linked", sa.Boolean(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("added"),
    )
    op.create_index("objects_by_id", "objects", ["id", "collection"], unique=False)
    op.create_index("objects_by_shelf", "objects", ["shelf", "added"], unique=False)
    op.create_index(
        "objects_by_type", "objects", ["shelf", "type", "added"], unique=False
    )
    op.create_index(
        "objects_by_version", "objects", ["shelf", "version", "added"], unique=False
    )
    op.create_table(
        "organisations",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("identity"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "roots",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("information", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "sources",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "statuses",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("user", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "values",
        sa.Column("object", _LONG, autoincrement=False, nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("object", "place"),
    )
    op.create_index("values_by_value", "values", ["value"], unique=False)
    op.create_table(
        "warning_entries",
        sa.Column("list", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("list", "value"),
    )
    op.create_index(
        "warning_entries_by_value", "warning_entries", ["value"], unique=False
    )
    op.create_table(
        "warning_lists",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "collections",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("can_read", sa.Boolean(), nullable=False),
        sa.Column("can_write", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["root"],
            ["roots.name"],
        ),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("root", "id"),
    )
    op.create_table(
        "group_members",
        sa.Column("group", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group"],
            ["groups.number"],
        ),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisations.number"],
        ),
        sa.PrimaryKeyConstraint("group", "organisation"),
    )
    op.create_table(
        "users",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("tlp", sa.SmallInteger(), nullable=False),
        sa.Column("may_write", sa.Boolean(), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisations.number"],
        ),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "collection_groups",
        sa.Column("collection", sa.Integer(), nullable=False),
        sa.Column("group", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection"], ["collections.number"], ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["group"],
            ["groups.number"],
        ),
        sa.PrimaryKeyConstraint("collection", "group"),
    )
    op.create_table(
        "collection_users",
        sa.Column("collection", sa.Integer(), nullable=False),
        sa.Column("user", sa.Integer(), nullable=False),
        sa.Column("writes", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection"], ["collections.number"], ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user"], ["users.number"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("collection", "user", "writes"),
    )
    op.create_table(
        "shelves",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("collection", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.Column("spec", sa.Text(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("markings", sa.Text(), nullable=False),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection"],
            ["collections.number"],
        ),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint(
            "collection", "organisation", "spec", "state", "markings", "groups"
        ),
    )
    op.create_table(
        "user_markings",
        sa.Column("user", sa.Integer(), nullable=False),
        sa.Column("marking", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.number"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user", "marking"),
    )
