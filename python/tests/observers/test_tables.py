"""Tables that are made of tables on the way to a model."""

from __future__ import annotations

from typing import Any

from scripting import Scripts

SHOP = """
import sqlite3
import pandas as pd
from sklearn.linear_model import LogisticRegression

with sqlite3.connect("shop.db") as shop:
    pd.DataFrame({"id": range(40), "age": range(20, 60)}).to_sql("people", shop, index=False)
    pd.DataFrame({"person": [n % 40 for n in range(90)], "paid": [n % 7 for n in range(90)]}).to_sql("orders", shop, index=False)
people = pd.read_sql("SELECT * FROM people", shop)
orders = pd.read_sql_query("SELECT * FROM orders WHERE paid > 0", shop)
"""


def steps(document: Any) -> list[tuple[str, int, list[str]]]:
    """Of each step what it was, its rows, and the steps before it."""
    found = document("lineage")["steps"]
    names = {step["id"]: step["what"] for step in found}
    return [(step["what"], step["rows"], [names[number] for number in step["from"]]) for step in found]


def test_joins_groups_and_selections(scripts: Scripts, document: Any) -> None:
    code = (
        SHOP
        + """
sums = orders.groupby("person").agg(paid=("paid", "sum")).reset_index()
table = people.merge(sums, left_on="id", right_on="person").query("age < 50")
table = pd.get_dummies(table, columns=["person"]).drop(columns="id")
print(table.shape)
LogisticRegression().fit(table[["age", "paid"]], table["age"] > 35)
"""
    )
    plain, done = scripts.plain(code.replace("shop.db", "other.db")), scripts.run(code)
    assert (done.returncode, done.stdout, done.stderr) == (0, plain.stdout, plain.stderr)
    assert steps(document) == [
        ("pandas.read_sql", 40, []),
        ("pandas.read_sql_query", 77, []),
        ("pandas.aggregate", 40, ["pandas.read_sql_query"]),
        ("pandas.merge", 40, ["pandas.read_sql", "pandas.aggregate"]),
        ("pandas.query", 30, ["pandas.merge"]),
        ("pandas.get_dummies", 30, ["pandas.query"]),
        ("pandas.drop", 30, ["pandas.get_dummies"]),
    ]
    details = {step["what"]: step["detail"] for step in document("lineage")["steps"]}
    assert details["pandas.query"] == {"expr": "age < 50"}
    assert details["pandas.aggregate"] == {"by": "person", "paid": "('paid', 'sum')"}


def test_how_it_is_made_is_told_and_no_data(scripts: Scripts, document: Any) -> None:
    code = (
        SHOP
        + """
table = people.assign(secret=["row"] * 40, bias=0.5).drop("secret", axis=1)
table = pd.get_dummies(table.merge(people, "left", on=["id", "age"]), "made")
LogisticRegression().fit(table[["age", "bias"]], table["age"] > 35)
"""
    )
    assert scripts.run(code).returncode == 0
    details = {step["what"]: step["detail"] for step in document("lineage")["steps"]}
    assert details["pandas.assign"] == {"bias": "0.5"}
    assert details["pandas.drop"] == {"labels": "secret", "axis": "1"}
    assert details["pandas.merge"] == {"how": "left", "on": "['id', 'age']"}
    assert details["pandas.get_dummies"] == {"prefix": "made"}


def test_a_table_that_is_changed_in_place(scripts: Scripts, document: Any) -> None:
    code = (
        SHOP
        + """
people.loc[people.index[:4], "age"] = None
people.dropna(inplace=True)
for turn in range(150):
    orders.drop_duplicates()
LogisticRegression().fit(people, people["age"] > 35)
"""
    )
    assert scripts.run(code).returncode == 0
    assert steps(document) == [("pandas.read_sql", 40, []), ("pandas.dropna", 36, ["pandas.read_sql"])]
