use serde_json::{Value, json};
use trackline_model::{Change, Dataset, Drift};

fn dataset(digest: &str, schema: Value, columns: Value) -> Dataset {
    Dataset {
        name: "X".to_owned(),
        digest: digest.to_owned(),
        source_type: "code".to_owned(),
        source: "{}".to_owned(),
        schema: Some(schema.to_string()),
        profile: Some(json!({"columns": columns}).to_string()),
    }
}

fn table(digest: &str, fields: &[(&str, &str)], columns: Value) -> Dataset {
    let fields: Vec<_> = fields.iter().map(|(name, kind)| json!({"name": name, "type": kind})).collect();
    dataset(digest, json!({"mlflow_colspec": fields}), columns)
}

/// Evenly spread between `from` and `from + 10`.
fn even(from: f64, ranked: usize) -> Value {
    let deciles: Vec<f64> = (1..10).map(|tenth| from + f64::from(tenth)).collect();
    json!([{"name": "x", "min": from, "max": from + 10.0, "mean": from + 5.0, "std": 2.5, "deciles": deciles,
        "distinct": ranked, "ranked": ranked}])
}

fn x(from: f64, ranked: usize, digest: &str) -> Dataset {
    table(digest, &[("x", "double")], even(from, ranked))
}

#[test]
fn the_same_digest_is_the_same_data() {
    let drift = Drift::between(&x(0.0, 100, "a"), &x(0.0, 100, "a"));
    assert_eq!((drift.same, drift.columns.len()), (true, 0));
}

#[test]
fn the_index_is_that_of_the_books() {
    let column = |now: f64, n: usize| Drift::between(&x(now, n, "b"), &x(0.0, n, "a")).columns.remove(0);
    let still = column(0.0, 1000);
    assert!(still.psi.unwrap().abs() < 1e-9 && still.shift == Some(0.0) && !still.is_notable());
    // Half of the values are above the greatest of before, the other half in its upper five bins.
    let moved = column(5.0, 1000);
    let (q, none) = (0.1, 0.5 / 1000.0);
    let expected: f64 = [none, none, none, none, none, 0.1, 0.1, 0.1, 0.1, 0.6]
        .iter()
        .map(|p: &f64| (p - q) * (p / q).ln())
        .sum();
    assert!((moved.psi.unwrap() - expected).abs() < 1e-9, "{moved:?}, {expected}");
    assert_eq!(moved.shift, Some(2.0));
    assert!(moved.is_notable());
    // The 0.99 quantile of the chi-squared distribution with 9 degrees of freedom is 21.666.
    assert!((moved.chance.unwrap() - 21.666 * 2.0 / 1000.0).abs() < 1e-3);
}

#[test]
fn of_few_rows_chance_moves_much() {
    let drift = Drift::between(&x(1.0, 10, "b"), &x(0.0, 10, "a"));
    let column = &drift.columns[0];
    assert!(column.chance.unwrap() > column.psi.unwrap() && !column.is_notable(), "{column:?}");
}

#[test]
fn categories_are_compared_by_their_shares() {
    let city = |digest, top: Value| {
        table(
            digest,
            &[("city", "string")],
            json!([{"name": "city", "distinct": 2, "ranked": 1000, "top": top}]),
        )
    };
    let before = city("a", json!([["Ulm", 700], ["Bonn", 300]]));
    let now = city("b", json!([["Bonn", 500], ["Ulm", 400], ["Kiel", 100]]));
    let psi = Drift::between(&now, &before).columns[0].psi.unwrap();
    let part = |p: f64, q: f64| (p - q) * (p / q).ln();
    assert!((psi - (part(0.5, 0.3) + part(0.4, 0.7) + part(0.1, 0.0005))).abs() < 1e-9, "{psi}");
    assert!(Drift::between(&now, &before).columns[0].is_notable());
}

#[test]
fn columns_come_go_and_change_their_type() {
    let before = table("a", &[("a", "long"), ("b", "double"), ("a", "long")], json!([]));
    let now = table("b", &[("c", "long"), ("a", "string"), ("a", "long")], json!([]));
    let drift = Drift::between(&now, &before);
    let changes: Vec<_> = drift.columns.iter().map(|column| (column.name.as_str(), column.change)).collect();
    let expected =
        [("c", Change::Added), ("a", Change::Retyped), ("a", Change::Kept), ("b", Change::Removed)];
    assert_eq!(changes, expected);
}

#[test]
fn columns_of_arrays_go_by_their_place() {
    let array = |digest, from| {
        let mut columns = even(from, 500);
        columns[0].as_object_mut().unwrap().remove("name");
        dataset(digest, json!({"mlflow_tensorspec": {}}), columns)
    };
    let drift = Drift::between(&array("b", 9.0), &array("a", 0.0));
    assert_eq!((drift.columns[0].name.as_str(), drift.columns[0].is_notable()), ("0", true));
}

#[test]
fn profiles_of_others_say_nothing() {
    for profile in [Some("{".to_owned()), Some("{\"columns\": 3}".to_owned()), None] {
        let other = Dataset { profile, schema: None, ..x(0.0, 5, "c") };
        assert!(Drift::between(&other, &x(0.0, 5, "a")).columns.iter().all(|column| column.psi.is_none()));
    }
}
