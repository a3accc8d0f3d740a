use serde::Deserialize;
use trackline_model::Tag;
use trackline_model::limits::{KeyKind, validate_key, validate_registry_tag_value};

use super::{models, versions};
use crate::models as logged_models;
use crate::sql::{Transaction, values};
use crate::{Result, Store};

impl Store {
    /// Sets a tag of a registered model.
    pub fn set_registered_model_tag(&self, name: &str, tag: &Tag) -> Result<()> {
        validate(tag)?;
        self.write(|transaction| {
            models::check(transaction.reader(), name)?;
            set_on_model(transaction, name, tag)
        })
    }

    /// Takes a tag of a registered model away. It is no error if it has no such tag.
    pub fn delete_registered_model_tag(&self, name: &str, key: &str) -> Result<()> {
        self.write(|transaction| {
            models::check(transaction.reader(), name)?;
            transaction
                .execute("DELETE FROM registered_model_tags WHERE name = ? AND key = ?", values![name, key])
                .map(drop)
        })
    }

    /// Sets a tag of a version.
    pub fn set_model_version_tag(&self, name: &str, version: u64, tag: &Tag) -> Result<()> {
        validate(tag)?;
        let version = versions::number(version)?;
        self.write(|transaction| {
            versions::get(transaction.reader(), name, version)?;
            set_on_version(transaction, name, version, tag)
        })
    }

    /// Takes a tag of a version away. It is no error if it has no such tag.
    pub fn delete_model_version_tag(&self, name: &str, version: u64, key: &str) -> Result<()> {
        let version = versions::number(version)?;
        self.write(|transaction| {
            versions::get(transaction.reader(), name, version)?;
            transaction
                .execute(
                    "DELETE FROM model_version_tags WHERE name = ? AND version = ? AND key = ?",
                    values![name, version, key],
                )
                .map(drop)
        })
    }
}

pub(super) fn validate(tag: &Tag) -> Result<()> {
    validate_key(KeyKind::Tag, &tag.key)?;
    validate_registry_tag_value(&tag.value)?;
    Ok(())
}

pub(super) fn set_on_model(transaction: &dyn Transaction, name: &str, tag: &Tag) -> Result<()> {
    transaction
        .execute(
            "INSERT INTO registered_model_tags (name, key, value) VALUES (?, ?, ?) \
             ON CONFLICT (name, key) DO UPDATE SET value = excluded.value",
            values![name, &tag.key, &tag.value],
        )
        .map(drop)
}

pub(super) fn set_on_version(
    transaction: &dyn Transaction,
    name: &str,
    version: i64,
    tag: &Tag,
) -> Result<()> {
    transaction
        .execute(
            "INSERT INTO model_version_tags (name, version, key, value) VALUES (?, ?, ?, ?) \
             ON CONFLICT (name, version, key) DO UPDATE SET value = excluded.value",
            values![name, version, &tag.key, &tag.value],
        )
        .map(drop)
}

/// The tag of a logged model that lists its registrations, as JSON.
const REGISTRATIONS: &str = "mlflow.modelVersions";

#[derive(Deserialize, PartialEq)]
struct Registration {
    name: String,
    version: serde_json::Value,
}

/// Adds a version to the list that its logged model keeps.
pub(super) fn note_registration(
    transaction: &dyn Transaction,
    model_id: &str,
    name: &str,
    version: i64,
) -> Result<()> {
    let model = logged_models::get(transaction.reader(), model_id)?;
    let listed = model.tags.iter().find(|tag| tag.key == REGISTRATIONS).map(|tag| tag.value.as_str());
    // What a client wrote there and nobody can read is replaced.
    let mut list: Vec<Registration> =
        listed.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    list.push(Registration { name: name.to_owned(), version: version.into() });
    let value = listing(&list);
    logged_models::set_tags(transaction, model_id, &[Tag { key: REGISTRATIONS.to_owned(), value }])
}

/// With the spaces that Python's `json` puts: clients compare the text.
fn listing(list: &[Registration]) -> String {
    let entries = list.iter().map(|one| {
        let name = serde_json::Value::from(one.name.as_str());
        format!("{{\"name\": {name}, \"version\": {}}}", one.version)
    });
    format!("[{}]", entries.collect::<Vec<_>>().join(", "))
}
