use crate::sql::{Connection, Database, Scope, Transaction, values};
use crate::{Error, ErrorKind, Result};

/// Brings the database to the newest version; a database of a newer program is refused.
pub(crate) fn migrate(database: &dyn Database) -> Result<()> {
    let mut current = false;
    database.read(&mut |connection| {
        let found = version(connection)?;
        check(found, newest(connection))?;
        current = found == newest(connection);
        Ok(())
    })?;
    if current {
        return Ok(());
    }
    database.write(&|_| Ok(Scope::Everything), &mut |transaction| {
        let connection = transaction.reader();
        // Another process may have migrated between the look and this transaction.
        let found = version(connection)?;
        let newest = newest(connection);
        check(found, newest)?;
        for number in found..newest {
            step(transaction, number)?;
        }
        Ok(())
    })
}

/// Whether there are tables of a store.
#[cfg(feature = "postgres")]
pub(crate) fn is_there(database: &dyn Database) -> Result<bool> {
    let mut found = 0;
    database.read(&mut |connection| {
        found = version(connection)?;
        Ok(())
    })?;
    Ok(found > 0)
}

fn step(transaction: &dyn Transaction, number: i64) -> Result<()> {
    let migrations = transaction.dialect().migrations();
    let Some(script) = usize::try_from(number).ok().and_then(|index| migrations.get(index)) else {
        return Err(Error::corrupt(format!("There is no migration from version {number}.")));
    };
    transaction.execute_script(script)?;
    transaction
        .execute("UPDATE meta SET number = ? WHERE name = 'schema_version'", values![number + 1])
        .map(drop)
}

/// 0 for a database without tables.
fn version(connection: &dyn Connection) -> Result<i64> {
    if connection.first(connection.dialect().table_exists(), values!["meta"])?.is_none() {
        return Ok(0);
    }
    let row = connection.first("SELECT number FROM meta WHERE name = 'schema_version'", &[])?;
    row.ok_or_else(|| Error::corrupt("The database does not say which version it has."))?.integer(0)
}

fn newest(connection: &dyn Connection) -> i64 {
    connection.dialect().migrations().len() as i64
}

fn check(found: i64, newest: i64) -> Result<()> {
    if found <= newest {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::TooNew,
        format!(
            "The store has format version {found}; this program knows versions up to {newest}. \
             Use the Trackline that wrote it, or a newer one."
        ),
    ))
}
