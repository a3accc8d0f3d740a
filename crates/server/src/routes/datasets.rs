use axum::extract::State;
use trackline_store::Store;

use super::{Answer, blocking};
use crate::error::ApiError;
use crate::wire::datasets::{DatasetSummaries, DatasetSummary, SearchDatasets};
use crate::wire::{Args, Json};

const MAX_EXPERIMENTS: usize = 20;

/// The datasets that runs of these experiments read.
#[utoipa::path(post, path = "/experiments/search-datasets", tag = "datasets", request_body = SearchDatasets,
    responses((status = OK, body = DatasetSummaries)))]
pub(crate) async fn search(
    State(store): State<Store>,
    Args(args): Args<SearchDatasets>,
) -> Answer<DatasetSummaries> {
    let ids = args.experiment_ids;
    if ids.is_empty() {
        return Err(ApiError::invalid("SearchDatasets request must specify at least one experiment_id."));
    }
    if ids.len() > MAX_EXPERIMENTS {
        return Err(ApiError::invalid(format!(
            "SearchDatasets request cannot specify more than {MAX_EXPERIMENTS} experiment_ids. \
             Received {} experiment_ids.",
            ids.len()
        )));
    }
    let found = blocking(move || store.search_datasets(&ids)).await?;
    let summaries = found.into_iter().map(|dataset| DatasetSummary {
        experiment_id: dataset.experiment_id,
        name: dataset.name,
        digest: dataset.digest,
        context: dataset.context,
    });
    Ok(Json(DatasetSummaries { dataset_summaries: summaries.collect() }))
}
