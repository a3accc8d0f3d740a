use serde_json::{Value, json};

use crate::testing::TestServer;

async fn run_with_points(server: &TestServer, count: i64) -> String {
    let id = server.run("0").await;
    let points: Vec<Value> = (0..count)
        .map(|step| json!({"key": "loss", "value": step * 2, "timestamp": 100 + step, "step": step}))
        .collect();
    server.post("runs/log-batch", json!({"run_id": id, "metrics": points})).await.ok();
    id
}

fn steps(answer: &Value) -> Vec<i64> {
    let metrics = answer["metrics"].as_array().cloned().unwrap_or_default();
    metrics.iter().map(|metric| metric["step"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn history_pages() {
    let server = TestServer::new();
    let id = run_with_points(&server, 5).await;
    let whole = server.query(&format!("metrics/get-history?run_id={id}&metric_key=loss")).await.ok();
    assert_eq!(steps(&whole), [0, 1, 2, 3, 4]);
    assert_eq!(whole["metrics"][1], json!({"key": "loss", "value": 2.0, "timestamp": 101, "step": 1}));

    let path = format!("metrics/get-history?run_uuid={id}&metric_key=loss&max_results=3");
    let first = server.query(&path).await.ok();
    assert_eq!(steps(&first), [0, 1, 2]);
    let token = first["next_page_token"].as_str().unwrap();
    let second = server.query(&format!("{path}&page_token={token}")).await.ok();
    assert_eq!(steps(&second), [3, 4]);

    let none = server.query(&format!("metrics/get-history?run_id={id}&metric_key=none")).await.ok();
    assert_eq!(none, json!({}));
}

#[tokio::test]
async fn histories_of_several_runs_come_together() {
    let server = TestServer::new();
    let (one, two) = (run_with_points(&server, 3).await, run_with_points(&server, 2).await);
    let query = format!("metrics/get-history-bulk?run_id={one}&run_id={two}&metric_key=loss");
    let found = server.get(&format!("/ajax-api/2.0/mlflow/{query}")).await.ok();
    let of = |id: &str| {
        let metrics = found["metrics"].as_array().unwrap();
        metrics.iter().filter(|metric| metric["run_id"] == id).count()
    };
    assert_eq!((of(&one), of(&two)), (3, 2));
}

#[tokio::test]
async fn an_interval_is_spread_over_its_steps() {
    let server = TestServer::new();
    let id = run_with_points(&server, 100).await;
    let base = format!("metrics/get-history-bulk-interval?run_ids={id}&metric_key=loss");
    let spread = server.query(&format!("{base}&max_results=10")).await.ok();
    let spread = steps(&spread);
    assert_eq!((spread.len(), spread[0], spread[9]), (10, 0, 99));
    let part = server.query(&format!("{base}&max_results=10&start_step=20&end_step=22")).await.ok();
    assert_eq!(steps(&part), [20, 21, 22]);

    server.query(&format!("{base}&start_step=1")).await.invalid();
    server.query(&format!("{base}&start_step=2&end_step=1")).await.invalid();
    server.query(&format!("{base}&max_results=2501")).await.invalid();
    let many: String = (0..101).map(|number| format!("&run_ids={number}&run_id={number}")).collect();
    for (query, said) in [
        ("-interval?metric_key=loss", "Missing value for required parameter 'run_ids'."),
        (
            &format!("-interval?metric_key=loss{many}"),
            "must specify at most 100 run_ids. Received 101 run_ids.",
        ),
        ("-interval?run_ids=1&metric_key=loss&max_results=0", "max_results must be between 1 and 2500."),
        ("?metric_key=loss", "must specify at least one run_id."),
        (&format!("?metric_key=loss{many}"), "cannot specify more than 100 run_ids. Received 101 run_ids."),
        ("?run_id=1", "must specify a metric_key."),
    ] {
        let message = server.query(&format!("metrics/get-history-bulk{query}")).await.invalid();
        assert!(message.contains(said), "{message}");
    }
}
