//! What keeps transactions apart whose scopes meet: advisory locks, held until the end of the transaction.
//!
//! Each transaction takes all its locks at once and in one order, so that no two wait for each other.

use std::collections::BTreeSet;

use super::connection::PostgresConnection;
use crate::Result;
use crate::sql::{Scope, ScopeOf, Transaction, values};

/// Held by all that write; alone by who writes anything.
const ALL: &str = "trackline";
/// The server has room for so many locks in each transaction.
const MANY: usize = 50;

/// Takes a lock, [`SHARED`] or [`ALONE`]. One statement for both, so that all are asked for in one turn.
const LOCK: &str =
    "SELECT CASE WHEN ? = 1 THEN pg_advisory_xact_lock_shared(?) ELSE pg_advisory_xact_lock(?) END";
const ALONE: i64 = 0;
const SHARED: i64 = 1;

pub(super) fn take(transaction: &PostgresConnection<'_>, scope: ScopeOf<'_>) -> Result<()> {
    let lock = |how: i64, number: i64| values![how, number, number].to_vec();
    let locks = match scope(transaction.reader())? {
        Scope::Of(ids) if ids.len() <= MANY => {
            let numbers: BTreeSet<i64> = ids.iter().map(|id| number(id)).collect();
            let of_ids = numbers.into_iter().map(|number| lock(ALONE, number));
            std::iter::once(lock(SHARED, number(ALL))).chain(of_ids).collect()
        }
        Scope::Of(_) | Scope::Everything => vec![lock(ALONE, number(ALL))],
    };
    transaction.execute_each(LOCK, &locks).map(drop)
}

/// The lock that stands for an id. Two ids that share one only wait for each other.
fn number(id: &str) -> i64 {
    let hash = blake3::hash(id.as_bytes());
    let (words, _) = hash.as_bytes().as_chunks::<8>();
    i64::from_le_bytes(words[0])
}
