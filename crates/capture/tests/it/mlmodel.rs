//! The `MLmodel` file, both ways between MLflow and us. The fixtures are from `fixtures/make_fixtures.py`.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use trackline_capture::mlmodel::{ModelFile, Signature};

const BY_US: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/saved_by_us.MLmodel");

fn map(value: Value) -> BTreeMap<String, Value> {
    serde_json::from_value(value).unwrap()
}

/// Values that a reader of YAML 1.1 could take for numbers, dates, truths or nothing.
fn written_by_us() -> ModelFile {
    let function = json!({
        "loader_module": "mlflow.sklearn", "model_path": "model.pkl", "python_version": "3.10",
        "env": {"conda": "conda.yaml", "virtualenv": "python_env.yaml"}
    });
    let sklearn = json!({"code": null, "pickled_model": "model.pkl", "serialization_format": "cloudpickle", "sklearn_version": "1.9.1"});
    ModelFile {
        artifact_path: Some("mlflow-artifacts:/1/models/m-1/artifacts".to_owned()),
        flavors: BTreeMap::from([
            ("python_function".to_owned(), map(function)),
            ("sklearn".to_owned(), map(sklearn)),
        ]),
        mlflow_version: Some("3.17.2".to_owned()),
        model_id: Some("m-00112233445566778899aabbccddeeff".to_owned()),
        model_size_bytes: Some(60_262),
        model_uuid: Some("12345678901234567890123456789012".to_owned()),
        run_id: Some("123e4567890123456789012345678901".to_owned()),
        saved_input_example_info: Some(map(
            json!({"artifact_path": "input_example.json", "type": "ndarray"}),
        )),
        signature: Some(Signature {
            inputs: Some(r#"[{"type":"double","name":"it's: \"a\" #1","required":true}]"#.to_owned()),
            outputs: Some(r#"[{"type":"tensor","tensor-spec":{"dtype":"int64","shape":[-1]}}]"#.to_owned()),
            params: None,
        }),
        utc_time_created: Some("2026-01-31 12:00:00.000000".to_owned()),
        other: map(json!({
            "is_signature_from_type_hint": false,
            "type_hint_from_example": false,
            "metadata": {"yes": "no", "count": 3, "rate": 0.1, "date": "2026-01-31", "none": null, "text": "null", "lines": "a\nb"}
        })),
    }
}

#[test]
fn what_we_write_is_what_mlflow_was_shown() {
    let text = written_by_us().to_yaml().unwrap();
    if std::env::var_os("TRACKLINE_WRITE_FIXTURES").is_some() {
        std::fs::write(BY_US, &text).unwrap();
    }
    assert_eq!(
        text,
        std::fs::read_to_string(BY_US).unwrap(),
        "write the fixtures anew: see make_fixtures.py"
    );
}

#[test]
fn mlflow_reads_what_we_write() {
    let read: Value = serde_json::from_str(include_str!("../fixtures/read_by_mlflow.json")).unwrap();
    let ours = written_by_us();
    assert_eq!(read["artifact_path"], json!(ours.artifact_path));
    assert_eq!(read["flavors"], json!(ours.flavors));
    assert_eq!(read["metadata"], ours.other["metadata"]);
    assert_eq!(read["mlflow_version"], json!(ours.mlflow_version));
    assert_eq!(read["model_id"], json!(ours.model_id));
    assert_eq!(read["model_size_bytes"], json!(ours.model_size_bytes));
    assert_eq!(read["model_uuid"], json!(ours.model_uuid));
    assert_eq!(read["run_id"], json!(ours.run_id));
    assert_eq!(read["saved_input_example_info"], json!(ours.saved_input_example_info));
    assert_eq!(read["utc_time_created"], json!(ours.utc_time_created));
    let signature = ours.signature.unwrap();
    for (name, ours) in [("inputs", signature.inputs), ("outputs", signature.outputs)] {
        assert_eq!(read[name], serde_json::from_str::<Value>(&ours.unwrap()).unwrap());
    }
}

#[test]
fn we_read_what_mlflow_writes() {
    let model = ModelFile::from_yaml(include_str!("../fixtures/saved_by_mlflow.MLmodel")).unwrap();
    assert_eq!(model.flavors["python_function"]["loader_module"], "mlflow.sklearn");
    assert_eq!(model.flavors["sklearn"]["code"], Value::Null);
    assert_eq!(model.mlflow_version.as_deref(), Some("3.17.2"));
    assert_eq!(model.model_id, None);
    assert_eq!(
        model.other["metadata"],
        json!({"nested": {"list": [1, 2.5, null, "on"], "when": "2026-01-01"}})
    );
    assert_eq!(model.saved_input_example_info.as_ref().unwrap()["artifact_path"], "input_example.json");
    let signature = model.signature.as_ref().unwrap();
    let inputs: Value = serde_json::from_str(signature.inputs.as_ref().unwrap()).unwrap();
    assert_eq!(inputs[1]["name"], "ünï");
    assert_eq!(inputs[2], json!({"name": "x: y", "type": "double", "required": false}));
    let params: Value = serde_json::from_str(signature.params.as_ref().unwrap()).unwrap();
    assert_eq!(params[1]["default"], json!([1.0, 2.0]));
}

#[test]
fn nothing_is_lost_on_the_way_through() {
    let model = ModelFile::from_yaml(include_str!("../fixtures/saved_by_mlflow.MLmodel")).unwrap();
    assert_eq!(ModelFile::from_yaml(&model.to_yaml().unwrap()).unwrap(), model);
    let ours = written_by_us();
    assert_eq!(ModelFile::from_yaml(&ours.to_yaml().unwrap()).unwrap(), ours);
}

#[test]
fn a_broken_file_is_a_clear_error() {
    let message = ModelFile::from_yaml("flavors: [not, a, map]").unwrap_err().message;
    assert!(message.starts_with("the MLmodel file cannot be read: "), "{message}");
}
