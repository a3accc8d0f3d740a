//! Page tokens. They are opaque to callers; inside is JSON in base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use trackline_model::limits::validate_max_results;

use crate::{Error, Page, Result};

#[derive(Serialize, Deserialize)]
struct Offset {
    offset: usize,
}

/// A token for what follows the first `offset` items.
pub(crate) fn token(offset: usize) -> String {
    encode(&Offset { offset })
}

/// More items than any store has; with a page added, still a number.
const FARTHEST: usize = 1 << 40;

/// How many items come before the page; 0 without a token.
pub(crate) fn offset(token: Option<&str>) -> Result<usize> {
    match present(token) {
        Some(token) => checked(decode::<Offset>(token)?.offset, token),
        None => Ok(0),
    }
}

/// A token comes from outside, so its number may be anything.
pub(crate) fn checked(offset: usize, token: &str) -> Result<usize> {
    if offset <= FARTHEST { Ok(offset) } else { Err(invalid(token)) }
}

fn invalid(token: &str) -> Error {
    Error::invalid(format!(
        "Invalid page token, could not decode '{token}'. Use the token of the answer before, unchanged."
    ))
}

/// Stands for what a search asks in the tokens that only it can go on from.
pub(crate) fn fingerprint(asked: &str) -> String {
    blake3::hash(asked.as_bytes()).to_hex().as_str().chars().take(16).collect()
}

/// The error of a token that came from a search with another fingerprint.
pub(crate) fn of_another_search() -> Error {
    Error::invalid(
        "Invalid page token: experiment_ids, filter and order_by must be those of the search that gave it.",
    )
}

/// An empty token is none.
pub(crate) fn present(token: Option<&str>) -> Option<&str> {
    token.filter(|token| !token.is_empty())
}

pub(crate) fn encode<T: Serialize>(place: &T) -> String {
    // A struct of numbers and texts is always JSON.
    STANDARD.encode(serde_json::to_vec(place).unwrap_or_default())
}

pub(crate) fn decode<T: DeserializeOwned>(token: &str) -> Result<T> {
    let bytes = STANDARD.decode(token).map_err(|_| invalid(token))?;
    serde_json::from_slice(&bytes).map_err(|_| invalid(token))
}

/// Checks how many results are asked for.
pub(crate) fn check_max_results(max_results: usize, limit: u64) -> Result<()> {
    let given = i64::try_from(max_results).unwrap_or(i64::MAX);
    validate_max_results(Some(given), limit, limit)?;
    Ok(())
}

/// A page from one item more than was asked for: the last only says that there is more.
pub(crate) fn cut<T>(mut items: Vec<T>, offset: usize, max_results: usize) -> Page<T> {
    let more = items.len() > max_results;
    items.truncate(max_results);
    Page { items, next_page_token: more.then(|| token(offset + max_results)) }
}
