use serde_json::json;
use trackline_capture::structure::{Node, NodeParam};

#[test]
fn the_document_is_small_and_reads_back() {
    let param = |name: &str, value: &str, default: Option<&str>| NodeParam {
        name: name.to_owned(),
        value: value.to_owned(),
        default: default.map(str::to_owned),
    };
    let forest = Node {
        name: "estimator".to_owned(),
        class: "RandomForestClassifier".to_owned(),
        params: vec![
            param("n_estimators", "50", Some("100")),
            param("verbose", "0", Some("0")),
            param("x", "1", None),
        ],
        ..Node::default()
    };
    let set: Vec<bool> = forest.params.iter().map(NodeParam::is_set).collect();
    assert_eq!(set, [true, false, true]);
    let search = Node { class: "GridSearchCV".to_owned(), children: vec![forest], ..Node::default() };
    let document = serde_json::to_value(&search).unwrap();
    let params = json!([
        {"name": "n_estimators", "value": "50", "default": "100"},
        {"name": "verbose", "value": "0", "default": "0"},
        {"name": "x", "value": "1"},
    ]);
    let child = json!({"name": "estimator", "class": "RandomForestClassifier", "params": params});
    assert_eq!(document, json!({"class": "GridSearchCV", "children": [child]}));
    assert_eq!(serde_json::from_value::<Node>(document).unwrap(), search);
}

#[test]
fn a_layer_keeps_its_shapes_and_counts() {
    let text = r#"{"name":"head","class":"Linear","parameters":6,"trainable":0,"dtype":"float32","device":"cpu","input":[[5,3]],"output":[[5,2]]}"#;
    let node: Node = serde_json::from_str(text).unwrap();
    assert_eq!((node.parameters, node.trainable, &node.output), (Some(6), Some(0), &vec![vec![5, 2]]));
    assert_eq!(serde_json::to_string(&node).unwrap(), text);
}
