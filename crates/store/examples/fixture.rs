//! Writes the databases that `tests/fixtures/v<version>` keeps for ever. Run it once for each format
//! version, before its release, with an empty folder, and with an empty database too:
//! `cargo run -p trackline-store --features postgres --example fixture -- <folder> [postgresql://…]`. Of the second,
//! `postgres.sql` is what `pg_dump --schema=trackline --inserts --no-owner --no-privileges` writes, but for comments,
//! settings and commands of psql.

#![allow(clippy::unwrap_used, reason = "it stops when it fails")]

use std::path::{Path, PathBuf};

use trackline_journal::{ArtifactOwner, Event, ExperimentRef, Record};
use trackline_model::{
    Assessment, Dataset, DatasetInput, Param, Point, Span, SpanStatus, Tag, Trace, TraceState, WebhookAction,
    WebhookEntity, WebhookEvent,
};
use trackline_store::{NewModelVersion, NewWebhook, Store};

const RUN: &str = "0123456789abcdef0123456789abcdef";

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap());
    fill(&Store::open(&folder).unwrap());
    shrink(&folder.join("trackline.db"));
    if let Some(database) = std::env::args().nth(2) {
        fill(&Store::connect(&database, &folder.join("blobs")).unwrap());
    }
}

fn fill(store: &Store) {
    store.apply("fixture", 1234, &records(store)).unwrap();
    store.create_registered_model("forest", Some("trees"), &[]).unwrap();
    let version = NewModelVersion {
        name: "forest".into(),
        source: format!("runs:/{RUN}/model"),
        run_id: Some(RUN.into()),
        ..NewModelVersion::default()
    };
    store.create_model_version(&version).unwrap();
    store.set_alias("forest", "best", 1).unwrap();
    let created = WebhookEvent::new(WebhookEntity::ModelVersion, WebhookAction::Created).unwrap();
    let webhook = NewWebhook {
        name: "deploy".into(),
        url: "https://example.com/hook".into(),
        events: vec![created],
        ..NewWebhook::default()
    };
    store.create_webhook(&webhook).unwrap();
    trace(store);
}

fn trace(store: &Store) {
    let tag = |key: &str, value: &str| Tag { key: key.into(), value: value.into() };
    let trace = Trace {
        trace_id: "tr-0123456789abcdef0123456789abcdef".into(),
        experiment_id: "0".into(),
        request_time: 1000,
        duration: Some(25),
        state: TraceState::Ok,
        client_request_id: None,
        request_preview: Some("question".into()),
        response_preview: Some("answer".into()),
        metadata: vec![tag("mlflow.user", "ann")],
        tags: vec![tag("mlflow.traceName", "ask")],
        assessments: Vec::new(),
    };
    store.put_trace(&trace).unwrap();
    store.link_traces(std::slice::from_ref(&trace.trace_id), RUN).unwrap();
    let assessment =
        Assessment { assessment_id: "a-1".into(), content: r#"{"assessment_name": "good"}"#.into() };
    store.create_assessment(&trace.trace_id, &assessment).unwrap();
    let span = Span {
        span_id: "0123456789abcdef".into(),
        parent_id: None,
        name: "ask".into(),
        span_type: Some("LLM".into()),
        status: SpanStatus::Ok,
        start_time: 1_000_000_000,
        content: r#"{"name": "ask", "attributes": {"tokens": "7"}}"#.into(),
    };
    store.log_spans("0", &[(trace, vec![span])]).unwrap();
}

/// Small pages make a small file; they are no part of the format.
fn shrink(database: &Path) {
    let database = rusqlite::Connection::open(database).unwrap();
    database.execute_batch("PRAGMA journal_mode = delete; PRAGMA page_size = 512; VACUUM").unwrap();
}

fn records(store: &Store) -> Vec<Record> {
    let user = || "user".to_owned();
    let params = |value: &str, time| {
        Record::Event(Event::Params {
            run_id: RUN.into(),
            params: vec![Param { key: "lr".into(), value: value.into() }],
            time,
            source: user(),
            confidence: None,
        })
    };
    let started = Event::RunStarted {
        run_id: RUN.into(),
        experiment: ExperimentRef::Name("fixtures".into()),
        run_name: Some("fixture".into()),
        user_id: "ada".into(),
        start_time: 1000,
        tags: vec![Tag { key: "team".into(), value: "a".into() }],
    };
    let captured = Event::Params {
        run_id: RUN.into(),
        params: vec![Param { key: "depth".into(), value: "3".into() }],
        time: 1000,
        source: "sklearn.fit".into(),
        confidence: Some(0.9),
    };
    let input = Event::Input { run_id: RUN.into(), input: input(), source: user() };
    let mut records =
        vec![Record::Event(started), params("0.1", 1000), params("0.2", 1001), Record::Event(captured)];
    records.push(Record::Event(input));
    records.extend(["model/MLmodel", "plot.png"].map(|path| artifact(store, path)));
    let loss = (0..40).map(|step| Point { step, timestamp: 1000 + step, value: 1.0 / (step + 1) as f64 });
    records.extend(series(0, "loss", loss));
    let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    let odd = (0..3).zip(odd).map(|(step, value)| Point { step, timestamp: 1000, value });
    records.extend(series(1, "odd", odd));
    records
}

fn input() -> DatasetInput {
    let dataset = Dataset {
        name: "iris".into(),
        digest: "d1".into(),
        source_type: "code".into(),
        source: "{}".into(),
        schema: None,
        profile: None,
    };
    DatasetInput { dataset, tags: vec![Tag { key: "mlflow.data.context".into(), value: "train".into() }] }
}

fn artifact(store: &Store, path: &str) -> Record {
    let blob = store.blobs().put_bytes(path.as_bytes()).unwrap();
    Record::Event(Event::Artifact {
        owner: ArtifactOwner::Run(RUN.into()),
        path: path.into(),
        digest: blob.digest,
        size: blob.size,
        time: 1000,
        source: "user".into(),
    })
}

fn series(number: u32, key: &str, points: impl Iterator<Item = Point>) -> Vec<Record> {
    let series = Record::Series {
        number,
        run_id: RUN.into(),
        key: key.into(),
        source: "user".into(),
        confidence: None,
    };
    let points = points.map(|point| Record::Point { series: number, point });
    std::iter::once(series).chain(points).collect()
}
