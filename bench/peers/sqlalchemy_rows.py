"""sqlalchemy_rows.py WORK ROWS URL: the work of bench/rows by SQLAlchemy; prints what rows_bench prints."""

import sys
import time

import sqlalchemy as sa
from sqlalchemy.orm import Session, declarative_base

TIMES = 5
Base = declarative_base()


class Item(Base):
    __tablename__ = "items"
    id = sa.Column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False)
    owner = sa.Column(sa.BigInteger, nullable=False)
    name = sa.Column(sa.Text, nullable=False)
    price = sa.Column(sa.Float(53), nullable=False)
    note = sa.Column(sa.Text)


def make_items(count: int) -> list[dict]:
    return [{"id": i, "owner": i % 97, "name": f"item number {i}", "price": 0.25 * i,
             "note": f"a note of about thirty bytes {i}" if i % 3 else None} for i in range(1, count + 1)]


def weight(item: Item) -> float:
    return item.price + item.owner + len(item.name) + len(item.note or "")


def insert(engine: sa.engine.Engine, items: list[dict]) -> None:
    with engine.begin() as connection:
        connection.execute(Item.__table__.insert(), items)


def load(engine: sa.engine.Engine, _: int) -> float:
    with Session(engine) as session:
        return sum(weight(item) for item in session.execute(sa.select(Item)).scalars().all())


def find(engine: sa.engine.Engine, rows: int) -> float:
    with Session(engine) as session:
        return sum(weight(session.get(Item, key)) for key in range(1, rows + 1))


def main() -> None:
    work, rows, url = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    engine = sa.create_engine(url, isolation_level="SERIALIZABLE",
                              **({"executemany_mode": "values_plus_batch"} if url.startswith("postgresql") else {}))
    Base.metadata.create_all(engine)
    items = make_items(rows)
    if work != "insert":
        insert(engine, items)
    begin = time.perf_counter()
    if work == "insert":
        insert(engine, items)
        done, total = rows, 0.0
    else:
        total = sum((load if work == "load" else find)(engine, rows) for _ in range(TIMES))
        done = rows * TIMES
    print(done, time.perf_counter() - begin, f"{total:.2f}")


main()
