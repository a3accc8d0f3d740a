//! One file per resource. A handler reads its arguments, asks the store, and writes the answer.

pub(crate) mod artifacts;
pub(crate) mod assessments;
pub(crate) mod blobs;
pub(crate) mod datasets;
pub(crate) mod direct;
pub(crate) mod downloads;
pub(crate) mod experiments;
pub(crate) mod genai;
pub(crate) mod graphql;
pub(crate) mod health;
pub(crate) mod journals;
pub(crate) mod log_model;
pub(crate) mod logged_models;
pub(crate) mod metrics;
pub(crate) mod model_versions;
pub(crate) mod page;
pub(crate) mod registered_models;
pub(crate) mod runs;
pub(crate) mod spans;
pub(crate) mod traces;
pub(crate) mod webhooks;

use crate::error::ApiError;
use crate::webhooks::{Happening, Webhooks};
use crate::wire::number::Int64;
use crate::wire::{Done, Json};

/// What a handler returns.
pub(crate) type Answer<T> = Result<Json<T>, ApiError>;

/// Runs work that waits for the disk where it does not hold up other requests.
pub(crate) async fn blocking<T, E>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, ApiError>
where
    T: Send + 'static,
    E: Into<ApiError> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(Into::into),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(error) => Err(ApiError::internal(format!("The server is shutting down: {error}."))),
        },
    }
}

/// `blocking` for calls that answer `{}`.
async fn done<E>(work: impl FnOnce() -> Result<(), E> + Send + 'static) -> Answer<Done>
where
    E: Into<ApiError> + Send + 'static,
{
    blocking(work).await?;
    Ok(Json(Done {}))
}

/// `done` for what webhooks are told of when it is done.
async fn told<E>(
    webhooks: &Webhooks,
    happening: Happening,
    work: impl FnOnce() -> Result<(), E> + Send + 'static,
) -> Answer<Done>
where
    E: Into<ApiError> + Send + 'static,
{
    let answer = done(work).await?;
    webhooks.tell(happening);
    Ok(answer)
}

/// The size of a page: `unset` if not given, at most `most`.
fn max_results(given: Option<Int64>, unset: usize, most: usize) -> Result<usize, ApiError> {
    let Some(Int64(given)) = given else { return Ok(unset) };
    let problem = match usize::try_from(given) {
        Ok(given) if (1..=most).contains(&given) => return Ok(given),
        Ok(given) if given > most => format!("It must be at most {most}"),
        _ => "It must be a positive integer".to_owned(),
    };
    Err(ApiError::invalid(format!("Invalid value {given} for parameter 'max_results' supplied. {problem}.")))
}
