use trackline_model::filter::{self, Attribute, DatasetField, Expr, Field, Filter, FilterError, Op, Value};

type Parse = fn(&str) -> Result<Filter, FilterError>;

fn compare(field: Field, op: Op, value: Value) -> Expr {
    Expr::Compare { field, op, value }
}

fn metric(key: &str, op: Op, value: f64) -> Expr {
    compare(Field::Metric(key.into()), op, Value::Number(value))
}

fn param(key: &str, op: Op, value: &str) -> Expr {
    compare(Field::Param(key.into()), op, Value::Text(value.into()))
}

fn tag(key: &str, op: Op, value: &str) -> Expr {
    compare(Field::Tag(key.into()), op, Value::Text(value.into()))
}

fn text(attribute: Attribute, op: Op, value: &str) -> Expr {
    compare(Field::Attribute(attribute), op, Value::Text(value.into()))
}

fn number(attribute: Attribute, op: Op, value: f64) -> Expr {
    compare(Field::Attribute(attribute), op, Value::Number(value))
}

fn list(field: Field, op: Op, values: &[&str]) -> Expr {
    compare(field, op, Value::List(values.iter().map(|value| (*value).to_owned()).collect()))
}

#[track_caller]
fn assert_parses(parse: Parse, cases: &[(&str, Expr)]) {
    for (input, expected) in cases {
        match parse(input) {
            Ok(Filter { expr }) => assert_eq!(expr.as_ref(), Some(expected), "{input}"),
            Err(error) => panic!("{input}\n{error}"),
        }
    }
}

#[test]
fn an_empty_filter_matches_everything() {
    assert_eq!(filter::parse_runs(""), Ok(Filter { expr: None }));
}

#[test]
fn runs_by_metrics() {
    assert_parses(
        filter::parse_runs,
        &[
            ("metrics.acc > 0.9", metric("acc", Op::Gt, 0.9)),
            ("metric.acc>=-1e-3", metric("acc", Op::Ge, -0.001)),
            ("metrics.acc != .5", metric("acc", Op::Ne, 0.5)),
            ("metrics.`val acc` = 1", metric("val acc", Op::Eq, 1.0)),
            ("metrics.\"val-acc\" < +2", metric("val-acc", Op::Lt, 2.0)),
            ("metrics.validation_0-logloss <= 3.", metric("validation_0-logloss", Op::Le, 3.0)),
            ("metrics.val/loss < 1e5", metric("val/loss", Op::Lt, 1e5)),
        ],
    );
}

#[test]
fn runs_by_params_and_tags() {
    let missing = compare(Field::Tag("a".into()), Op::IsNull, Value::Null);
    let present = compare(Field::Param("a".into()), Op::IsNotNull, Value::Null);
    assert_parses(
        filter::parse_runs,
        &[
            ("params.lr = '0.1'", param("lr", Op::Eq, "0.1")),
            ("param.lr != \"0.1\"", param("lr", Op::Ne, "0.1")),
            ("parameter.model like 'x%'", param("model", Op::Like, "x%")),
            ("parameters.model ILIKE '%x_'", param("model", Op::ILike, "%x_")),
            ("params.größe = ''", param("größe", Op::Eq, "")),
            ("tags.mlflow.runName = 'a'", tag("mlflow.runName", Op::Eq, "a")),
            ("tag.`mlflow.source.name` = 'a.py'", tag("mlflow.source.name", Op::Eq, "a.py")),
            ("tags.`a``b` = 'it''s'", tag("a`b", Op::Eq, "it's")),
            ("tags.a is null", missing),
            ("params.a IS NOT NULL", present),
        ],
    );
}

#[test]
fn runs_by_attributes() {
    let ids = ["a", "b"];
    assert_parses(
        filter::parse_runs,
        &[
            ("attributes.status = 'RUNNING'", text(Attribute::Status, Op::Eq, "RUNNING")),
            ("attr.user_id LIKE 'm%'", text(Attribute::UserId, Op::Like, "m%")),
            ("run.artifact_uri != 'x'", text(Attribute::ArtifactUri, Op::Ne, "x")),
            ("run_name ilike 'X%'", text(Attribute::RunName, Op::ILike, "X%")),
            ("`run name` = 'x'", text(Attribute::RunName, Op::Eq, "x")),
            ("attribute.\"Run Name\" = 'x'", text(Attribute::RunName, Op::Eq, "x")),
            ("Created > 5", number(Attribute::StartTime, Op::Gt, 5.0)),
            ("end_time <= 1700000000000", number(Attribute::EndTime, Op::Le, 1.7e12)),
            ("run_id IN ('a', \"b\")", list(Field::Attribute(Attribute::RunId), Op::In, &ids)),
            ("run_id not in ('a','b',)", list(Field::Attribute(Attribute::RunId), Op::NotIn, &ids)),
        ],
    );
}

#[test]
fn runs_by_datasets() {
    let context = Field::Dataset(DatasetField::Context);
    assert_parses(
        filter::parse_runs,
        &[
            ("datasets.context not in ('eval')", list(context, Op::NotIn, &["eval"])),
            (
                "dataset.name = 'iris'",
                compare(Field::Dataset(DatasetField::Name), Op::Eq, Value::Text("iris".into())),
            ),
            (
                "dataset.digest LIKE 'a%'",
                compare(Field::Dataset(DatasetField::Digest), Op::Like, Value::Text("a%".into())),
            ),
        ],
    );
}

#[test]
fn other_entities_have_their_own_fields() {
    assert_parses(
        filter::parse_experiments,
        &[
            ("name ILIKE '%a%'", text(Attribute::Name, Op::ILike, "%a%")),
            ("last_update_time > 3", number(Attribute::LastUpdateTime, Op::Gt, 3.0)),
            (
                "attribute.experiment_id IN ('1')",
                list(Field::Attribute(Attribute::ExperimentId), Op::In, &["1"]),
            ),
        ],
    );
    assert_parses(
        filter::parse_registered_models,
        &[("name IN ('m')", list(Field::Attribute(Attribute::Name), Op::In, &["m"]))],
    );
    assert_parses(
        filter::parse_model_versions,
        &[
            ("version_number >= 2", number(Attribute::VersionNumber, Op::Ge, 2.0)),
            ("source_path = 's'", text(Attribute::SourcePath, Op::Eq, "s")),
            ("run_id IN ('r')", list(Field::Attribute(Attribute::RunId), Op::In, &["r"])),
        ],
    );
    assert_parses(
        filter::parse_logged_models,
        &[
            ("attributes.creation_timestamp > 1", number(Attribute::CreationTime, Op::Gt, 1.0)),
            ("last_updated_time > 1", number(Attribute::LastUpdateTime, Op::Gt, 1.0)),
            ("status IN ('READY')", list(Field::Attribute(Attribute::Status), Op::In, &["READY"])),
            ("params.a NOT IN ('1')", list(Field::Param("a".into()), Op::NotIn, &["1"])),
            ("metrics.acc > 0.5", metric("acc", Op::Gt, 0.5)),
        ],
    );
}

#[test]
fn not_binds_before_and_before_or() {
    let a = || metric("a", Op::Gt, 1.0);
    let b = || metric("b", Op::Gt, 1.0);
    let c = || metric("c", Op::Gt, 1.0);
    let not = |expr| Expr::Not(Box::new(expr));
    assert_parses(
        filter::parse_runs,
        &[
            ("metrics.a > 1 AND metrics.b > 1 and", Expr::And(vec![a(), b()])),
            ("metrics.a > 1 AND", a()),
            (
                "metrics.a > 1 OR metrics.b > 1 AND metrics.c > 1",
                Expr::Or(vec![a(), Expr::And(vec![b(), c()])]),
            ),
            (
                "(metrics.a > 1 or metrics.b > 1) AND metrics.c > 1",
                Expr::And(vec![Expr::Or(vec![a(), b()]), c()]),
            ),
            ("(metrics.a > 1 AND (metrics.b > 1)) AND metrics.c > 1", Expr::And(vec![a(), b(), c()])),
            ("NOT metrics.a > 1 AND metrics.b > 1", Expr::And(vec![not(a()), b()])),
            ("NOT (metrics.a > 1 AND metrics.b > 1)", not(Expr::And(vec![a(), b()]))),
            ("not not metrics.a > 1", not(not(a()))),
        ],
    );
}
