from sqlmodel import Field, SQLModel

NAMING_CONVENTION = {
    "ix": "ix__%(column_0_label)s",
    "uq": "uq__%(table_name)s__%(column_0_N_name)s",
    "ck": "ck__%(table_name)s__%(constraint_name)s",
    "fk": "fk__%(table_name)s__%(column_0_name)s__%(referred_table_name)s",
    "pk": "pk__%(table_name)s",
}

SQLModel.metadata.naming_convention = NAMING_CONVENTION


class Anything(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
