use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};

use crate::testing::{TestServer, json_post, request};

async fn ask(server: &TestServer, query: &str) -> Value {
    server.send(json_post("/graphql", &json!({ "query": query }))).await.ok()
}

async fn data(server: &TestServer, query: &str) -> Value {
    let mut answer = ask(server, query).await;
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"].take()
}

async fn refused(server: &TestServer, query: &str) -> String {
    let answer = ask(server, query).await;
    assert!(answer["data"].is_null(), "{answer}");
    answer["errors"][0].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_run_comes_with_its_experiment_and_versions() {
    let server = TestServer::new();
    let experiment = server.experiment("forest").await;
    let run = server.run(&experiment).await;
    server.post("registered-models/create", json!({"name": "oak"})).await.ok();
    let version = json!({"name": "oak", "source": "s3://bucket/model", "run_id": run});
    server.post("model-versions/create", version).await.ok();
    let query = format!(
        r#"{{ mlflowGetRun(input: {{runId: "{run}"}}) {{ apiError {{ code }} run {{
            info {{ runId endTime }} inputs {{ datasetInputs {{ dataset {{ name }} }} }}
            experiment {{ name }} modelVersions {{ name version }} }} }} }}"#
    );
    let found = data(&server, &query).await;
    let expected = json!({"mlflowGetRun": {"apiError": null, "run": {
        "info": {"runId": run, "endTime": "0"},
        "inputs": {"datasetInputs": []},
        "experiment": {"name": "forest"},
        "modelVersions": [{"name": "oak", "version": "1"}],
    }}});
    assert_eq!(found, expected);
}

#[tokio::test]
async fn numbers_are_as_javascript_can_read_them() {
    let server = TestServer::new();
    let run = server.run("0").await;
    let late = 9_007_199_254_740_993_i64;
    let metrics = json!([
        {"key": "loss", "value": 0.5, "timestamp": late, "step": 3},
        {"key": "nan", "value": "NaN", "timestamp": 1},
    ]);
    server.post("runs/log-batch", json!({"run_id": run, "metrics": metrics})).await.ok();
    let query = format!(
        r#"{{ mlflowGetRun(input: {{runId: "{run}"}}) {{ run {{ data {{ metrics {{ key value timestamp step }} }} }} }} }}"#
    );
    let found = data(&server, &query).await;
    let metrics = found["mlflowGetRun"]["run"]["data"]["metrics"].as_array().unwrap().clone();
    assert!(
        metrics.contains(&json!({"key": "loss", "value": 0.5, "timestamp": "9007199254740993", "step": "3"}))
    );
    assert!(metrics.contains(&json!({"key": "nan", "value": null, "timestamp": "1", "step": "0"})));
}

#[tokio::test]
async fn variables_fragments_and_directives_are_put_in_place() {
    let server = TestServer::new();
    let query = "query q($input: MlflowGetExperimentInput!, $brief: Boolean = true) {
        mlflowGetExperiment(input: $input) { ...whole experiment { id: experimentId name @skip(if: $brief) } } }
        fragment whole on MlflowGetExperimentResponse { experiment { lifecycleStage ...more } }
        fragment more on MlflowExperiment { __typename ...more }";
    let body = json!({"query": query, "operationName": "q", "variables": {"input": {"experimentId": "0"}}});
    let answer = server.send(json_post("/graphql", &body)).await.ok();
    let experiment = json!({"lifecycleStage": "active", "__typename": "MlflowExperiment", "id": "0"});
    assert_eq!(answer, json!({"data": {"mlflowGetExperiment": {"experiment": experiment}}, "errors": null}));
}

#[tokio::test]
async fn a_get_is_answered() {
    let server = TestServer::new();
    let query = "/graphql?query=query($x:String!)%7Btest(inputString:$x)%7Boutput%7D%7D&variables=%7B%22x%22:%22abc%22%7D";
    let answer = server.get(query).await.ok();
    assert_eq!(answer["data"], json!({"test": {"output": "abc"}}));
}

#[tokio::test]
async fn what_cannot_be_found_is_null_beside_what_can() {
    let server = TestServer::new();
    let query = r#"{ mlflowGetRun(input: {runId: "none"}) { run { info { runId } } } test(inputString: "a") { output } }"#;
    let answer = ask(&server, query).await;
    assert_eq!(answer["data"], json!({"mlflowGetRun": null, "test": {"output": "a"}}));
    assert!(answer["errors"][0].as_str().unwrap().contains("none"), "{answer}");
}

#[tokio::test]
async fn wrong_queries_are_told_what_is_wrong() {
    let server = TestServer::new();
    for (query, told) in [
        ("{ nothing }", "Cannot query field 'nothing' on type 'Query'."),
        ("{ test { output { more } } }", "Field 'output' must not have a selection"),
        ("{ test }", "must have a selection of subfields"),
        ("{ test(input: 1) { output } }", "Unknown argument 'input' on field 'Query.test'."),
        ("{ mlflowGetRun(input: {id: 1}) { run { info { runId } } } }", "Field 'id' is not defined by type"),
        ("{ test(inputString: $x) { output } }", "Variable '$x' is not defined."),
        ("query($x: Int!) { test(inputString: $x) { output } }", "Variable '$x' of required type 'Int!'"),
        ("{ ...nothing }", "Unknown fragment 'nothing'."),
        ("query a { test { output } } query b { test { output } }", "Must provide operation name"),
        ("{ a: test(inputString: \"x\") { output } a: test { output } }", "Fields 'a' conflict"),
        ("subscription { test { output } }", "Subscriptions"),
        ("{", "Syntax Error"),
    ] {
        let message = refused(&server, query).await;
        assert!(message.contains(told), "{query}: {message}");
    }
    let empty = server.send(json_post("/graphql", &json!({}))).await;
    assert!(empty.invalid().contains("'query'"));
}

#[tokio::test]
async fn a_query_can_only_be_so_large() {
    let server = TestServer::new();
    let many = |count: usize, one: &str| {
        (0..count).map(|index| one.replace('#', &index.to_string())).collect::<String>()
    };
    let roots = many(11, "test ");
    let aliases = format!("test {{ {} }}", many(11, "a#: output "));
    let selections = format!("test {{ {} }}", many(1001, "output "));
    let nested = format!("{}test{}", many(10, "test { "), many(10, " }"));
    // Told apart by what would be read if they had no end.
    let deep = format!("{}{}", "{ a ".repeat(100_000), "}".repeat(100_000));
    let list = format!("test(inputString: {}) {{ output }}", "[".repeat(100_000));
    // A chain of fragments is read one inside the other.
    let chained: String =
        (0..20_000).map(|index| format!("fragment f{index} on Query {{ ...f{} }} ", index + 1)).collect();
    let chained = format!("...f0 }} {chained} fragment f20000 on Query {{ test {{ output }}");
    for (selection, told) in [
        (roots.as_str(), "at most 10 root fields"),
        (&aliases, "at most 10 aliases"),
        (&selections, "maximum total selections of 1000"),
        (&nested, "maximum depth of 10"),
        (&chained, "maximum total selections of 1000"),
        (&deep, "Syntax Error"),
        (&list, "Syntax Error"),
    ] {
        let message = refused(&server, &format!("{{ {selection} }}")).await;
        assert!(message.contains(told), "{told}: {message}");
    }
    let uses = many(101, "$x ");
    let copying = format!("query($x: String = \"a\") {{ test(inputString: [{uses}]) {{ output }} }}");
    assert!(refused(&server, &copying).await.contains("at most 100 uses of variables"));
    // Each of these spreads the next one twice.
    let fragments: String = (0..40)
        .map(|index| format!("fragment f{index} on Query {{ ...f{0} ...f{0} }} ", index + 1))
        .collect();
    let doubling =
        format!("{{ ...f0 }} {fragments} fragment f40 on Query {{ test(inputString: \"a\") {{ output }} }}");
    assert_eq!(data(&server, &doubling).await, json!({"test": {"output": "a"}}));
}

#[tokio::test]
async fn a_form_of_another_site_is_no_query() {
    let server = TestServer::new();
    let form = request(Method::POST, "/graphql").header("content-type", "text/plain");
    let answer = server.send(form.body(Body::from(r#"{"query": "{ test { output } }"}"#)).unwrap()).await;
    assert_eq!(answer.error().0, 400);
}
