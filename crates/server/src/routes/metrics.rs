use axum::extract::State;
use trackline_store::{RunPoint, Store};

use super::{Answer, blocking, max_results};
use crate::error::ApiError;
use crate::wire::metrics::{GetHistory, GetHistoryBulk, GetHistoryInterval, Metric, Metrics, MetricsOfRuns};
use crate::wire::{Args, Json, optional_text, required, required_text, run_id};

const MAX_HISTORY: usize = 25_000;
const MAX_INTERVAL: usize = 2_500;
const MAX_RUNS: usize = 100;

/// The points of one metric of a run, as they were logged.
#[utoipa::path(get, path = "/metrics/get-history", tag = "metrics", params(GetHistory),
    responses((status = OK, body = Metrics)))]
pub(crate) async fn history(State(store): State<Store>, Args(args): Args<GetHistory>) -> Answer<Metrics> {
    let id = run_id(args.run_id, args.run_uuid)?;
    let key = required_text("metric_key", args.metric_key)?;
    let most = max_results(args.max_results, MAX_HISTORY, usize::MAX)?;
    let token = optional_text(args.page_token);
    let page = blocking(move || store.history(&id, &key, Some(most), token.as_deref())).await?;
    let metrics = page.items.into_iter().map(Metric::from).collect();
    Ok(Json(Metrics { metrics, next_page_token: page.next_page_token }))
}

/// The points of one metric of several runs, one run after the other.
#[utoipa::path(get, path = "/metrics/get-history-bulk", tag = "metrics", params(GetHistoryBulk),
    responses((status = OK, body = MetricsOfRuns)))]
pub(crate) async fn history_bulk(
    State(store): State<Store>,
    Args(args): Args<GetHistoryBulk>,
) -> Answer<MetricsOfRuns> {
    let ids = args.run_id;
    if ids.is_empty() {
        return Err(ApiError::invalid("GetMetricHistoryBulk request must specify at least one run_id."));
    }
    at_most("GetMetricHistoryBulk request cannot specify more than", ids.len())?;
    let Some(key) = optional_text(args.metric_key) else {
        return Err(ApiError::invalid("GetMetricHistoryBulk request must specify a metric_key."));
    };
    let most = max_results(args.max_results, MAX_HISTORY, MAX_HISTORY)?;
    let name = key.clone();
    let points = blocking(move || store.history_bulk(&ids, &name, most)).await?;
    Ok(Json(MetricsOfRuns { metrics: of_runs(&key, points) }))
}

/// Points of one metric of several runs, spread over an interval of steps.
#[utoipa::path(get, path = "/metrics/get-history-bulk-interval", tag = "metrics", params(GetHistoryInterval),
    responses((status = OK, body = Metrics)))]
pub(crate) async fn history_interval(
    State(store): State<Store>,
    Args(args): Args<GetHistoryInterval>,
) -> Answer<Metrics> {
    let ids = required("run_ids", (!args.run_ids.is_empty()).then_some(args.run_ids))?;
    at_most("GetMetricHistoryBulkInterval request must specify at most", ids.len())?;
    let key = required_text("metric_key", args.metric_key)?;
    let most = max_results(args.max_results, MAX_INTERVAL, MAX_INTERVAL)
        .map_err(|_| ApiError::invalid(format!("max_results must be between 1 and {MAX_INTERVAL}.")))?;
    let steps = match (args.start_step, args.end_step) {
        (None, None) => None,
        (Some(start), Some(end)) if start.0 <= end.0 => Some((start.0, end.0)),
        (Some(start), Some(end)) => {
            let (start, end) = (start.0, end.0);
            let message = format!(
                "end_step must be greater than start_step. Found start_step={start} and end_step={end}."
            );
            return Err(ApiError::invalid(message));
        }
        _ => {
            let message = "If either start step or end step are specified, both must be specified.";
            return Err(ApiError::invalid(message));
        }
    };
    let name = key.clone();
    let points = blocking(move || store.interval(&ids, &name, steps, most)).await?;
    Ok(Json(Metrics { metrics: of_runs(&key, points), next_page_token: None }))
}

fn of_runs(key: &str, points: Vec<RunPoint>) -> Vec<Metric> {
    points.into_iter().map(|found| Metric::of_run(found.run_id, key, found.point)).collect()
}

fn at_most(rule: &str, count: usize) -> Result<(), ApiError> {
    if count > MAX_RUNS {
        return Err(ApiError::invalid(format!("{rule} {MAX_RUNS} run_ids. Received {count} run_ids.")));
    }
    Ok(())
}
