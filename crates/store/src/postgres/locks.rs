//! What keeps transactions apart whose scopes meet: advisory locks, held until the end of the transaction.
//!
//! Each transaction takes all its locks at once and in one order, so that no two wait for each other.

use std::collections::BTreeSet;

use tokio_postgres::types::Type;

use super::connection::PostgresConnection;
use crate::Result;
use crate::sql::{Scope, ScopeOf, Transaction};

/// Held by all that write; alone by who writes anything.
const ALL: &str = "trackline";
/// The server has room for so many locks in each transaction.
const MANY: usize = 50;

/// Takes locks, [`SHARED`] or [`ALONE`], in the order in which they are given.
const LOCK: &str = "SELECT CASE WHEN how = 1 THEN pg_advisory_xact_lock_shared(number) \
                    ELSE pg_advisory_xact_lock(number) END FROM unnest(?, ?) AS wanted (how, number)";
const ALONE: i64 = 0;
const SHARED: i64 = 1;

pub(super) fn take(transaction: &PostgresConnection<'_>, scope: ScopeOf<'_>) -> Result<()> {
    let locks: Vec<(i64, i64)> = match scope(transaction.reader())? {
        Scope::Of(ids) if ids.len() <= MANY => {
            let numbers: BTreeSet<i64> = ids.iter().map(|id| number(id)).collect();
            let of_ids = numbers.into_iter().map(|number| (ALONE, number));
            std::iter::once((SHARED, number(ALL))).chain(of_ids).collect()
        }
        Scope::Of(_) | Scope::Everything => vec![(ALONE, number(ALL))],
    };
    let (how, numbers) = locks.into_iter().map(|(how, number)| (how.into(), number.into())).unzip();
    transaction.send(LOCK, &[Type::INT8_ARRAY, Type::INT8_ARRAY], vec![how, numbers])
}

/// The lock that stands for an id. Two ids that share one only wait for each other.
fn number(id: &str) -> i64 {
    let hash = blake3::hash(id.as_bytes());
    let (words, _) = hash.as_bytes().as_chunks::<8>();
    i64::from_le_bytes(words[0])
}
