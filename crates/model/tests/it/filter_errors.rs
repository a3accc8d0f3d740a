use trackline_model::filter::{self, FilterError};

/// Checks the message and the marked part of each bad filter over runs.
#[track_caller]
fn assert_refused(cases: &[(&str, &str, &str)]) {
    for (input, marked, message) in cases {
        let FilterError { message: actual, at, text, .. } = filter::parse_runs(input).unwrap_err();
        assert_eq!(text, *input);
        assert_eq!((&text[at], actual.as_str()), (*marked, *message), "{input}");
    }
}

#[test]
fn errors_point_at_the_place_and_say_what_to_write() {
    let shown = |input| filter::parse_runs(input).unwrap_err().to_string();
    assert_eq!(
        shown("params.größe = 'x' AND\nmetrics.acc > '0.9'"),
        "metrics.acc is compared with a number, not with text\n\
         \x20 params.größe = 'x' AND metrics.acc > '0.9'\n\
         \x20                                      ^^^^^\n\
         hint: write metrics.acc > 0.9"
    );
    assert_eq!(
        shown("tags.名前 == 'x'"),
        "'==' is not an operator\n  tags.名前 == 'x'\n            ^^\nhint: write ="
    );
    let long = format!("{}metrics.acc >", "metrics.loss < 1 AND ".repeat(10));
    assert_eq!(
        shown(&long),
        "a number is missing after >\n\
         \x20 …cs.loss < 1 AND metrics.loss < 1 AND metrics.acc >\n\
         \x20                                                    ^\n\
         hint: write a number: metrics.acc > 0.5"
    );
}

#[test]
fn fields() {
    assert_refused(&[
        ("acc > 1", "acc", "Invalid attribute key 'acc'"),
        ("attributes.Status = 'x'", "attributes.Status", "Invalid attribute key 'Status'"),
        ("experiment_id = '1'", "experiment_id", "Invalid attribute key 'experiment_id'"),
        (
            "attribute.lifecycle_stage = 'x'",
            "attribute.lifecycle_stage",
            "Invalid attribute key 'lifecycle_stage'",
        ),
        ("m.acc > 1", "m", "Invalid entity type 'm'"),
        ("METRICS.acc > 1", "METRICS", "Invalid entity type 'METRICS'"),
        ("dataset.size = 'x'", "dataset.size", "Invalid dataset key 'size'"),
        ("tags. = 'x'", "tags.", "a key is missing after 'tags.'"),
        ("params.'acc' = 'x'", "'acc'", "a key is quoted whole, with backticks"),
        ("params.a.`b` = 'x'", "`b`", "a key is quoted whole, with backticks"),
        ("'a' = params.b", "'a'", "a condition begins with a field, not with text"),
        ("1 < metrics.a", "1", "a condition begins with a field"),
    ]);
}

#[test]
fn operators() {
    assert_refused(&[
        ("status == 'x'", "==", "'==' is not an operator"),
        ("status <> 'x'", "<>", "'<>' is not an operator"),
        ("status RLIKE 'x'", "RLIKE", "'RLIKE' is not an operator"),
        ("params.a NOT LIKE 'x'", "NOT", "'NOT' is not an operator"),
        ("metrics.a BETWEEN 1 AND 2", "BETWEEN", "'BETWEEN' is not an operator"),
        ("metrics.a", "", "an operator and a value are missing after metrics.a"),
        ("params.a > '1'", ">", "> is not for params.a"),
        ("run_id > 'x'", ">", "> is not for run_id"),
        ("metrics.a LIKE 'x'", "LIKE", "LIKE is not for metrics.a"),
        ("status IN ('x')", "IN", "IN is not for status"),
        ("params.a not in ('x')", "not in", "NOT IN is not for params.a"),
        ("metrics.a IS NULL", "IS NULL", "IS NULL is not for metrics.a"),
        ("dataset.name IS NOT NULL", "IS NOT NULL", "IS NOT NULL is not for dataset.name"),
        ("tags.a IS 'x'", "'x'", "IS is followed by NULL or NOT NULL"),
    ]);
}

#[test]
fn values() {
    assert_refused(&[
        ("metrics.a = '1'", "'1'", "metrics.a is compared with a number, not with text"),
        ("metrics.a > NaN", "NaN", "metrics.a is compared with a number"),
        ("metrics.a > 1_000", "1_000", "'1_000' is not a number"),
        ("metrics.a > 1e999", "1e999", "1e999 is too large for a number"),
        ("start_time > '1'", "'1'", "start_time is compared with a number, not with text"),
        ("params.a = LR", "LR", "params.a is compared with text in single or double quotes"),
        ("params.a = `LR`", "`LR`", "params.a is compared with text in single or double quotes"),
        ("params.a = 1", "1", "params.a is compared with text in single or double quotes"),
        ("params.a = = 'x'", "=", "quoted text is missing after ="),
        ("params.a =", "", "quoted text is missing after ="),
        ("params.a = LR'", "'", "the quote ' that begins here has no end"),
        ("params.a = \"LR'", "\"LR'", "the quote \" that begins here has no end"),
        ("run_id IN ()", "(", "the list is empty"),
        ("run_id IN ('a'", "(", "the list is not closed"),
        ("run_id IN ('a' 'b')", "'b'", "a comma or ')' is missing before this"),
        ("run_id IN (1)", "1", "a list holds quoted text"),
        ("run_id IN 'a'", "'a'", "a list in parentheses is missing here"),
    ]);
}

#[test]
fn structure() {
    assert_refused(&[
        ("  \n", "  \n", "the filter holds nothing but spaces"),
        ("metrics.a > 1 AND AND", "AND", "Invalid attribute key 'AND'"),
        ("metrics.a > 1 OR", "", "a condition is missing here"),
        ("metrics.a > 1 NAND metrics.b > 1", "NAND", "a condition ended before this"),
        ("status = 'a' status = 'b'", "status", "a condition ended before this"),
        ("(metrics.a > 1", "(", "the '(' that opens here is not closed"),
        ("(metrics.a > 1 AND", "", "a condition is missing here"),
        ("metrics.a > 1)", ")", "')' without a '(' before it"),
        ("metrics.a > 1; metrics.b > 1", ";", "a search takes one filter, without ';'"),
        ("metrics.a > 1 & metrics.b > 1", "&", "unexpected character '&'"),
        ("`metrics.a > 1", "`metrics.a > 1", "the quote ` that begins here has no end"),
    ]);
    let deep = format!("{}metrics.a > 1", "(".repeat(100_000));
    assert_eq!(filter::parse_runs(&deep).unwrap_err().message, "conditions are nested more than 100 deep");
}

#[test]
fn fields_of_other_entities_are_unknown() {
    let message = |result: Result<_, FilterError>| result.map(|_: filter::Filter| ()).unwrap_err().message;
    assert_eq!(message(filter::parse_experiments("metrics.a > 1")), "Invalid entity type 'metrics'");
    assert_eq!(message(filter::parse_experiments("name IN ('x')")), "IN is not for name");
    assert_eq!(message(filter::parse_registered_models("run_id = 'x'")), "Invalid attribute key 'run_id'");
    assert_eq!(
        message(filter::parse_model_versions("version_number = 'x'")),
        "version_number is compared with a number, not with text"
    );
    assert_eq!(message(filter::parse_logged_models("dataset.name = 'x'")), "Invalid entity type 'dataset'");
}
