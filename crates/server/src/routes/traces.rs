use axum::extract::State;
use trackline_model::Tag;
use trackline_store::{Store, TraceQuery};

use super::assessments::new;
use super::{Answer, blocking, done, max_results};
use crate::wire::traces::{
    DeleteTraces, LinkTraces, OneTrace, SearchTraces, TraceInfo, TraceTag, Traces, TracesDeleted,
};
use crate::wire::{Args, Done, Json, Path, optional_text, required, required_text};

/// Keeps a trace, whose spans are then put among its artifacts.
#[utoipa::path(post, path = "/traces", tag = "traces", request_body = OneTrace,
    responses((status = OK, body = OneTrace)))]
pub(crate) async fn start(State(store): State<Store>, Args(args): Args<OneTrace>) -> Answer<OneTrace> {
    let trace = required("trace", args.trace)?;
    let (trace, assessments) = required("trace.trace_info", trace.trace_info)?.checked()?;
    let assessments = assessments.into_iter().map(|given| new(&trace.trace_id, given));
    let assessments = assessments.collect::<Result<Vec<_>, _>>()?;
    let kept = blocking(move || {
        let kept = store.put_trace(&trace)?;
        if assessments.is_empty() {
            return Ok(kept);
        }
        for assessment in &assessments {
            store.create_assessment(&trace.trace_id, assessment)?;
        }
        store.get_trace(&trace.trace_id)
    });
    Ok(Json(kept.await.map(OneTrace::from)?))
}

/// What is known of a trace.
#[utoipa::path(get, path = "/traces/{trace_id}", tag = "traces", params(("trace_id" = String, Path)),
    responses((status = OK, body = OneTrace)))]
pub(crate) async fn get(State(store): State<Store>, Path(id): Path<String>) -> Answer<OneTrace> {
    let trace = blocking(move || store.get_trace(&id)).await?;
    Ok(Json(trace.into()))
}

/// Finds traces.
#[utoipa::path(post, path = "/traces/search", tag = "traces", request_body = SearchTraces,
    responses((status = OK, body = Traces)))]
pub(crate) async fn search(State(store): State<Store>, Args(args): Args<SearchTraces>) -> Answer<Traces> {
    let query = TraceQuery {
        experiment_ids: SearchTraces::experiment_ids(args.locations)?,
        filter: args.filter.unwrap_or_default(),
        order_by: args.order_by,
        max_results: max_results(args.max_results, 100, 500)?,
        page_token: optional_text(args.page_token),
    };
    let page = blocking(move || store.search_traces(&query)).await?;
    let traces = page.items.into_iter().map(TraceInfo::from).collect();
    Ok(Json(Traces { traces, next_page_token: page.next_page_token }))
}

/// Deletes traces of an experiment for good: those with the ids, or those that are old.
#[utoipa::path(post, path = "/traces/delete-traces", tag = "traces", request_body = DeleteTraces,
    responses((status = OK, body = TracesDeleted)))]
pub(crate) async fn delete(
    State(store): State<Store>,
    Args(mut args): Args<DeleteTraces>,
) -> Answer<TracesDeleted> {
    let experiment = required_text("experiment_id", args.experiment_id.take())?;
    let old = args.old()?;
    let traces_deleted = blocking(move || store.delete_traces(&experiment, &old)).await?;
    Ok(Json(TracesDeleted { traces_deleted }))
}

/// Sets a tag.
#[utoipa::path(patch, path = "/traces/{trace_id}/tags", tag = "traces", params(("trace_id" = String, Path)),
    request_body = TraceTag, responses((status = OK, body = Done)))]
pub(crate) async fn set_tag(
    State(store): State<Store>,
    Path(id): Path<String>,
    Args(args): Args<TraceTag>,
) -> Answer<Done> {
    let tag = Tag { key: required_text("key", args.key)?, value: args.value.unwrap_or_default() };
    done(move || store.set_trace_tag(&id, &tag)).await
}

/// Deletes a tag.
#[utoipa::path(delete, path = "/traces/{trace_id}/tags", tag = "traces", params(("trace_id" = String, Path)),
    request_body = TraceTag, responses((status = OK, body = Done)))]
pub(crate) async fn delete_tag(
    State(store): State<Store>,
    Path(id): Path<String>,
    Args(args): Args<TraceTag>,
) -> Answer<Done> {
    let key = required_text("key", args.key)?;
    done(move || store.delete_trace_tag(&id, &key)).await
}

/// Makes traces belong to a run, too.
#[utoipa::path(post, path = "/traces/link-to-run", tag = "traces", request_body = LinkTraces,
    responses((status = OK, body = Done)))]
pub(crate) async fn link_to_run(State(store): State<Store>, Args(args): Args<LinkTraces>) -> Answer<Done> {
    let run_id = required_text("run_id", args.run_id)?;
    done(move || store.link_traces(&args.trace_ids, &run_id)).await
}
