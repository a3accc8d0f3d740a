use trackline_store::{Bucket, Store};
use trackline_testdb::Database;

/// What a store is kept in; deleted at the end.
pub type Place = (Database, trackline_testbucket::Bucket);

/// A new store.
pub fn open() -> (Store, Place) {
    let (database, bucket) = (Database::new(), trackline_testbucket::Bucket::new());
    let artifacts = Bucket::with_settings(&bucket.uri("runs"), bucket.settings());
    (Store::connect(&database.uri(), artifacts).unwrap(), (database, bucket))
}
