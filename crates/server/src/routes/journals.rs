//! The journals of Trackline's own clients: each record counts once, however often it is sent.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use trackline_store::Store;

use super::{Answer, blocking, done};
use crate::clock::now;
use crate::error::ApiError;
use crate::wire::journals::{Drained, EndProcess, FirstByte, Lease};
use crate::wire::{Args, Done, Json, Path, Query, required};

/// The largest part of a journal that is taken at once: its largest frame, and a batch before it.
pub(crate) const MAX_FRAMES_BYTES: usize = (64 << 20) + (8 << 20);

/// The longest lease, in seconds: a day.
const MAX_LEASE: u64 = 86_400;

/// How much of a journal is recorded; 0 for one that is not known.
#[utoipa::path(get, path = "/journals/{journal_id}", tag = "journals", params(("journal_id" = String, Path)),
    responses((status = OK, body = Drained)))]
pub(crate) async fn drained(State(store): State<Store>, Path(id): Path<String>) -> Answer<Drained> {
    let drained = blocking(move || store.drained(&id)).await?;
    Ok(Json(drained.into()))
}

/// Records whole frames of a journal, as they stand in it behind the byte `from`.
#[utoipa::path(post, path = "/journals/{journal_id}", tag = "journals",
    params(("journal_id" = String, Path), FirstByte),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = OK, body = Drained)))]
pub(crate) async fn append(
    State(store): State<Store>,
    Path(id): Path<String>,
    Query(args): Query<FirstByte>,
    body: Result<Bytes, BytesRejection>,
) -> Answer<Drained> {
    let from = required("from", args.from)?.0;
    let from = u64::try_from(from).map_err(|_| ApiError::invalid("from must not be negative."))?;
    let frames = body.map_err(|rejection| ApiError::body(&rejection))?;
    let received = blocking(move || store.apply_frames(&id, from, &frames)).await?;
    Ok(Json(received.into()))
}

/// The process of a journal that was sent whole is gone: the runs that only it had open end with it.
#[utoipa::path(post, path = "/journals/{journal_id}/end", tag = "journals",
    params(("journal_id" = String, Path)), request_body = EndProcess, responses((status = OK, body = Done)))]
pub(crate) async fn end(
    State(store): State<Store>,
    Path(id): Path<String>,
    Args(args): Args<EndProcess>,
) -> Answer<Done> {
    let time = required("time", args.time)?.0;
    done(move || store.end_process(&id, time, &args.exit())).await
}

/// The process of a journal lives, and will say so again before `lease` seconds have passed: after that, the runs that
/// only it has open are given up as lost until it is heard of again.
#[utoipa::path(post, path = "/journals/{journal_id}/alive", tag = "journals",
    params(("journal_id" = String, Path), Lease), responses((status = OK, body = Done)))]
pub(crate) async fn alive(
    State(store): State<Store>,
    Path(id): Path<String>,
    Query(args): Query<Lease>,
) -> Answer<Done> {
    let lease = required("lease", args.lease)?.0;
    let lease = u64::try_from(lease).ok().filter(|seconds| (1..=MAX_LEASE).contains(seconds));
    let lease = lease.ok_or_else(|| ApiError::invalid(format!("lease must be 1 to {MAX_LEASE} seconds.")))?;
    done(move || store.hear_from(&id, now(), Duration::from_secs(lease))).await
}

/// Nothing more comes of a journal, and its process speaks of no run any more.
#[utoipa::path(post, path = "/journals/{journal_id}/close", tag = "journals",
    params(("journal_id" = String, Path)), responses((status = OK, body = Done)))]
pub(crate) async fn close(State(store): State<Store>, Path(id): Path<String>) -> Answer<Done> {
    done(move || store.close_journal(&id)).await
}
