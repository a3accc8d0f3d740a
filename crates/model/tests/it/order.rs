use trackline_model::filter::{Attribute, Field};
use trackline_model::order::{self, OrderBy};

fn clauses(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn message(texts: &[&str]) -> String {
    order::parse_runs(&clauses(texts)).unwrap_err().to_string()
}

#[test]
fn clauses_name_a_field_and_a_direction() {
    let order = order::parse_runs(&clauses(&[
        "metrics.`val loss` desc",
        "attributes.start_time  DESC ",
        "params.lr ASC",
        "tags.mlflow.runName",
        "end_time",
    ]));
    let by = |field, ascending| OrderBy { field, ascending };
    assert_eq!(
        order.unwrap(),
        [
            by(Field::Metric("val loss".into()), false),
            by(Field::Attribute(Attribute::StartTime), false),
            by(Field::Param("lr".into()), true),
            by(Field::Tag("mlflow.runName".into()), true),
            by(Field::Attribute(Attribute::EndTime), true),
        ]
    );
}

#[test]
fn each_entity_has_its_own_fields() {
    type Parse = fn(&[String]) -> Result<Vec<OrderBy>, trackline_model::filter::FilterError>;
    let cases: [(Parse, &str, Attribute); 4] = [
        (order::parse_experiments, "last_update_time DESC", Attribute::LastUpdateTime),
        (order::parse_registered_models, "last_updated_timestamp DESC", Attribute::LastUpdateTime),
        (order::parse_model_versions, "version_number DESC", Attribute::VersionNumber),
        (order::parse_logged_models, "creation_timestamp DESC", Attribute::CreationTime),
    ];
    for (parse, text, attribute) in cases {
        let expected = OrderBy { field: Field::Attribute(attribute), ascending: false };
        assert_eq!(parse(&clauses(&[text])), Ok(vec![expected]), "{text}");
    }
}

#[test]
fn a_field_counts_once_under_all_its_names() {
    assert_eq!(
        message(&["start_time", "metrics.a", "created DESC"]),
        "start_time is in the order twice\n  created DESC\n  ^^^^^^^\nhint: leave one of them out"
    );
}

#[test]
fn what_is_not_a_clause_is_refused() {
    let cases = [
        ("", "the order clause is empty"),
        ("metrics.a down", "a field is followed by ASC, DESC or nothing"),
        ("metrics.a, metrics.b", "one order clause names one field"),
        ("dataset.name", "datasets have no order: a run may read several"),
        ("acc DESC", "Invalid attribute key 'acc'"),
        ("DESC", "Invalid attribute key 'DESC'"),
    ];
    for (text, expected) in cases {
        assert_eq!(message(&[text]).lines().next(), Some(expected), "{text}");
    }
}
