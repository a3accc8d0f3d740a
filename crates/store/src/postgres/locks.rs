//! What keeps transactions apart whose scopes meet: advisory locks, held until the end of the transaction.
//!
//! Each transaction takes all its locks at once and in one order, so that no two wait for each other.

use super::connection::PostgresConnection;
use crate::Result;
use crate::sql::{Scope, ScopeOf, Transaction, Value};

/// Held by all that write; alone by who writes anything.
const ALL: &str = "trackline";
/// The server has room for so many locks in each transaction.
const MANY: usize = 50;

const LOCK: &str = "SELECT pg_advisory_xact_lock(?)";
const LOCK_SHARED: &str = "SELECT pg_advisory_xact_lock_shared(?)";

pub(super) fn take(transaction: &PostgresConnection<'_>, scope: ScopeOf<'_>) -> Result<()> {
    let mut numbers = match scope(transaction.reader())? {
        Scope::Of(ids) if ids.len() <= MANY => ids.iter().map(|id| number(id)).collect::<Vec<i64>>(),
        Scope::Of(_) | Scope::Everything => {
            return transaction.execute_each(LOCK, &[vec![number(ALL).into()]]).map(drop);
        }
    };
    numbers.sort_unstable();
    numbers.dedup();
    transaction.execute_each(LOCK_SHARED, &[vec![number(ALL).into()]])?;
    let locks: Vec<Vec<Value>> = numbers.into_iter().map(|number| vec![number.into()]).collect();
    transaction.execute_each(LOCK, &locks).map(drop)
}

/// The lock that stands for an id. Two ids that share one only wait for each other.
fn number(id: &str) -> i64 {
    let hash = blake3::hash(id.as_bytes());
    let (words, _) = hash.as_bytes().as_chunks::<8>();
    i64::from_le_bytes(words[0])
}
