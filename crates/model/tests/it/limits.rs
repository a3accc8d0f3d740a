use trackline_model::limits::{
    KeyKind, MAX_BATCH_ITEMS, MAX_KEY_LENGTH, truncated, validate_alias, validate_batch, validate_dataset,
    validate_experiment_name, validate_experiment_tag_value, validate_key, validate_logged_model_name,
    validate_max_results, validate_registered_model_name, validate_registry_tag_value, validate_run_id,
    validate_timestamp,
};
use trackline_model::{Dataset, DatasetInput, Invalid, Param, Tag};

fn message(result: Result<impl std::fmt::Debug, Invalid>) -> String {
    result.unwrap_err().message
}

#[test]
fn keys_may_be_paths_in_any_script() {
    for key in ["acc", "val/loss", "mlflow.runName", "a b: c-d_e", "größe", "名前", "a..b", " "] {
        assert_eq!(validate_key(KeyKind::Metric, key), Ok(()), "{key}");
    }
    assert_eq!(validate_key(KeyKind::Tag, &"é".repeat(MAX_KEY_LENGTH)), Ok(()));
}

#[test]
fn keys_that_are_no_paths_are_refused() {
    for key in ["/a", "a/", "a//b", ".", "..", "../a", "a/../b", "./a"] {
        let message = message(validate_key(KeyKind::Param, key));
        assert!(message.starts_with(&format!("Invalid param key '{key}': as a path")), "{message}");
    }
    assert_eq!(
        message(validate_key(KeyKind::Metric, "f1@5\n")),
        "Invalid metric key 'f1@5\\n': it holds '@'. Keys hold letters, digits, spaces and any of _ - . / :"
    );
    assert_eq!(message(validate_key(KeyKind::Tag, "")), "a tag needs a key: the empty text was given");
    assert_eq!(
        message(validate_key(KeyKind::Metric, &"é".repeat(MAX_KEY_LENGTH + 1))),
        format!("metric key '{}…' exceeds the maximum length of 250 characters: it has 251", "é".repeat(60))
    );
}

#[test]
fn names() {
    let long = "x".repeat(501);
    assert_eq!(validate_run_id("0123456789abcdef0123456789abcdef"), Ok(()));
    assert!(validate_run_id("").is_err() && validate_run_id("../x").is_err());
    assert_eq!(validate_experiment_name("team/a: b"), Ok(()));
    assert!(validate_experiment_name("").is_err() && validate_experiment_name(&long).is_err());
    assert_eq!(validate_registered_model_name("iris é.v2"), Ok(()));
    for name in ["", "a/b", "a:b", &long] {
        assert!(validate_registered_model_name(name).is_err(), "{name}");
    }
    assert_eq!(validate_logged_model_name("iris model"), Ok(()));
    for name in ["", "a/b", "a:b", "a.b", "a%b", "a'b", "a\"b"] {
        assert!(validate_logged_model_name(name).is_err(), "{name}");
    }
    for alias in ["champion-1", "v", "version_2", "1", "é"] {
        assert_eq!(validate_alias(alias), Ok(()), "{alias}");
    }
    for alias in ["", "a b", "a.b", "latest", "Latest", "v1", "V12", &long] {
        assert!(validate_alias(alias).is_err(), "{alias}");
    }
}

#[test]
fn long_values_are_cut_at_characters() {
    assert_eq!(truncated("größe", 3), "grö");
    assert_eq!(truncated("größe", 5), "größe");
    assert_eq!(truncated("größe", 6), "größe");
    assert_eq!(truncated("", 0), "");
}

#[test]
fn values_that_are_not_cut_are_refused() {
    assert_eq!(validate_experiment_tag_value(&"x".repeat(20_000)), Ok(()));
    assert!(validate_experiment_tag_value(&"x".repeat(20_001)).is_err());
    assert_eq!(validate_registry_tag_value(&"x".repeat(100_000)), Ok(()));
    assert!(validate_registry_tag_value(&"x".repeat(100_001)).is_err());
    assert_eq!(validate_timestamp("acc", 0), Ok(()));
    assert!(validate_timestamp("acc", -1).is_err());
}

#[test]
fn datasets() {
    let mut input = DatasetInput {
        dataset: Dataset {
            name: "iris".into(),
            digest: "0123abcd".into(),
            source_type: "code".into(),
            source: "{}".into(),
            schema: None,
            profile: None,
        },
        tags: vec![Tag { key: "mlflow.data.context".into(), value: "train".into() }],
    };
    assert_eq!(validate_dataset(&input), Ok(()));
    input.dataset.digest = "0".repeat(37);
    assert!(message(validate_dataset(&input)).starts_with("dataset digest '0000"));
    input.dataset.digest = String::new();
    assert_eq!(message(validate_dataset(&input)), "a dataset needs a digest: the empty text was given");
}

#[test]
fn batches() {
    let params = |count: usize| -> Vec<Param> {
        (0..count).map(|i| Param { key: format!("p{i}"), value: String::new() }).collect()
    };
    assert_eq!(validate_batch(800, &params(100), 100), Ok(()));
    assert_eq!(
        message(validate_batch(MAX_BATCH_ITEMS, &params(1), 0)),
        "A batch logging request can contain at most 1000 metrics, params, and tags. \
         Got 1001: send several batches"
    );
    for refused in
        [validate_batch(1001, &[], 0), validate_batch(0, &params(101), 0), validate_batch(0, &[], 101)]
    {
        assert!(message(refused).starts_with("A batch logging request can contain at most"));
    }
    let twice = [params(1), params(1)].concat();
    assert!(message(validate_batch(0, &twice, 0)).contains("'p0' is in the batch twice"));
}

#[test]
fn page_sizes() {
    assert_eq!(validate_max_results(None, 100, 1000), Ok(100));
    assert_eq!(validate_max_results(Some(1000), 100, 1000), Ok(1000));
    for given in [0, -1, 1001] {
        assert_eq!(
            message(validate_max_results(Some(given), 100, 1000)),
            format!("Invalid value {given} for parameter 'max_results' supplied: it is from 1 to 1000")
        );
    }
}
