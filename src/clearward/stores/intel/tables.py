"""The tables. `migrations` makes them; a test compares the two.

Times are microseconds since 1970 in UTC. Every row of `objects` is one version of one
object in one collection; its key is the time when it was added, which grows by chance
steps, so that gaps tell nothing of what a reader may not see.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

# A key of SQLite that is its row number is called INTEGER there.
_LONG = BigInteger().with_variant(Integer, "sqlite")

settings = Table(
    "settings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

organisations = Table(
    "organisations",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("identity", Text, nullable=False, unique=True),
)

groups = Table(
    "groups",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
)

group_members = Table(
    "group_members",
    metadata,
    Column("group", ForeignKey("groups.number"), primary_key=True),
    Column("organisation", ForeignKey("organisations.number"), primary_key=True),
)

users = Table(
    "users",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("organisation", ForeignKey("organisations.number"), nullable=False),
    Column("password", Text, nullable=False),
    Column("tlp", SmallInteger, nullable=False),
    Column("may_write", Boolean, nullable=False),
    Column("is_admin", Boolean, nullable=False),
    Column("expires", BigInteger),
)

user_markings = Table(
    "user_markings",
    metadata,
    Column("user", ForeignKey("users.number", ondelete="CASCADE"), primary_key=True),
    Column("marking", Text, primary_key=True),
)

roots = Table(
    "roots",
    metadata,
    Column("name", Text, primary_key=True),
    Column("information", Text, nullable=False),
)

collections = Table(
    "collections",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("root", ForeignKey("roots.name"), nullable=False),
    Column("id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("can_read", Boolean, nullable=False),
    Column("can_write", Boolean, nullable=False),
    UniqueConstraint("root", "id"),
)

collection_users = Table(
    "collection_users",
    metadata,
    Column(
        "collection",
        ForeignKey("collections.number", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("user", ForeignKey("users.number", ondelete="CASCADE"), primary_key=True),
    Column("writes", Boolean, primary_key=True),
)

# What is put into a collection is for these groups, and for its owner.
collection_groups = Table(
    "collection_groups",
    metadata,
    Column(
        "collection",
        ForeignKey("collections.number", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("group", ForeignKey("groups.number"), primary_key=True),
)

shelves = Table(
    "shelves",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("collection", ForeignKey("collections.number"), nullable=False),
    Column("organisation", Integer, nullable=False),
    Column("spec", Text, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("markings", Text, nullable=False),
    Column("groups", Text, nullable=False),
    UniqueConstraint(
        "collection", "organisation", "spec", "state", "markings", "groups"
    ),
)

sources = Table(
    "sources",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
)

objects = Table(
    "objects",
    metadata,
    Column("added", _LONG, primary_key=True, autoincrement=False),
    Column("collection", Integer, nullable=False),
    Column("shelf", Integer, nullable=False),
    Column("organisation", Integer, nullable=False),
    Column("source", Integer, nullable=False),
    Column("id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("spec", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("first", Boolean, nullable=False),
    Column("last", Boolean, nullable=False),
    Column("mixed", Boolean, nullable=False),
    Column("linked", Boolean, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("objects_by_id", "id", "collection"),
    Index("objects_by_shelf", "shelf", "added"),
    Index("objects_by_type", "shelf", "type", "added"),
    Index("objects_by_version", "shelf", "version", "added"),
)

# What an indicator or an observable stands for, canonical: see `clearward.indicators`.
values = Table(
    "values",
    metadata,
    Column("object", _LONG, primary_key=True, autoincrement=False),
    Column("place", SmallInteger, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Index("values_by_value", "value"),
)

# Objects that an object names; `end` if it cannot be understood without them.
links = Table(
    "links",
    metadata,
    Column("object", _LONG, primary_key=True, autoincrement=False),
    Column("place", SmallInteger, primary_key=True),
    Column("target", Text, nullable=False),
    Column("end", Boolean, nullable=False),
    Index("links_by_target", "target"),
)

# Who else claimed what a row of `objects` says, and when.
claims = Table(
    "claims",
    metadata,
    Column("object", _LONG, primary_key=True, autoincrement=False),
    Column("source", Integer, primary_key=True),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
)

# Why a row of `objects` is in quarantine.
held = Table(
    "held",
    metadata,
    Column("object", _LONG, primary_key=True, autoincrement=False),
    Column("why", Text, nullable=False),
)

warning_lists = Table(
    "warning_lists",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("type", Text, nullable=False),
)

warning_entries = Table(
    "warning_entries",
    metadata,
    Column("list", Integer, primary_key=True),
    Column("value", Text, primary_key=True),
    Index("warning_entries_by_value", "value"),
)

statuses = Table(
    "statuses",
    metadata,
    Column("id", Text, primary_key=True),
    Column("root", Text, nullable=False),
    Column("user", Integer),
    Column("body", LargeBinary, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("time", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("digest", Text, nullable=False),
)
