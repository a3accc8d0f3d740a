use trackline_capture::html;
use trackline_capture::structure::{Node, NodeParam};

fn param(name: &str, value: &str, default: Option<&str>) -> NodeParam {
    NodeParam { name: name.to_owned(), value: value.to_owned(), default: default.map(str::to_owned) }
}

fn leaf(name: &str, class: &str, params: Vec<NodeParam>) -> Node {
    Node { name: name.to_owned(), class: class.to_owned(), params, ..Node::default() }
}

fn search() -> Node {
    let columns = Node {
        children: vec![
            leaf("num", "StandardScaler", vec![param("copy", "True", Some("True"))]),
            leaf("cat", "OneHotEncoder", vec![param("handle_unknown", "'ignore'", Some("'error'"))]),
        ],
        ..leaf("columns", "ColumnTransformer", vec![param("remainder", "'drop'", Some("'drop'"))])
    };
    let forest = vec![
        param("n_estimators", "50", Some("100")),
        param("max_depth", "None", Some("None")),
        param("random_state", "42", Some("None")),
    ];
    let pipeline = Node {
        module: Some("sklearn.pipeline".to_owned()),
        children: vec![columns, leaf("model", "RandomForestClassifier", forest)],
        ..leaf("estimator", "Pipeline", vec![])
    };
    Node {
        module: Some("sklearn.model_selection._search".to_owned()),
        children: vec![pipeline],
        ..leaf(
            "",
            "GridSearchCV",
            vec![
                param("param_grid", "{'model__n_estimators': [50, 100]}", None),
                param("cv", "5", Some("None")),
                param("verbose", "0", Some("0")),
            ],
        )
    }
}

#[test]
fn page_shows_every_estimator_and_what_was_chosen() {
    let page = html::estimator(&search());
    for class in ["GridSearchCV", "Pipeline", "ColumnTransformer", "OneHotEncoder", "RandomForestClassifier"]
    {
        assert!(page.contains(&format!("<span class=\"class\">{class}</span>")), "{class} is missing");
    }
    assert!(page.contains("<dt>n_estimators</dt><dd>50 <span class=\"was\">(default 100)</span></dd>"));
    assert!(page.contains("<dt>param_grid</dt><dd>{&#39;model__n_estimators&#39;: [50, 100]}</dd>"));
    assert!(page.contains("<summary>1 default</summary>"), "`max_depth` is folded");
    assert!(page.contains("children steps"), "the steps of the pipeline follow each other");
}

#[test]
fn page_runs_nothing_and_loads_nothing() {
    let hostile =
        leaf("", "<script>alert(1)</script>", vec![param("x", "\"><img src=x onerror=alert(1)>", None)]);
    let page = html::estimator(&hostile);
    assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
    assert!(!page.contains("http") && !page.contains("url("), "nothing is fetched");
}

#[test]
fn endless_nesting_is_cut() {
    let mut node = leaf("", "Deepest", vec![]);
    for _ in 0..100 {
        node = Node { children: vec![node], ..leaf("", "Wrapper", vec![]) };
    }
    let page = html::estimator(&node);
    assert!(!page.contains("Deepest"));
    assert!(page.contains("1 more inside"));
}
