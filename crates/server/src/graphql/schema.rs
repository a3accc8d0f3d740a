//! Which fields there are: `schema.graphql`.

use std::collections::HashMap;
use std::sync::LazyLock;

use graphql_parser::schema::{self, Definition, TypeDefinition, parse_schema};
use serde_json::Value;

use super::selection::Field;
use crate::error::ApiError;

pub(super) type Type = schema::Type<'static, String>;
type FieldDefinition = schema::Field<'static, String>;

/// The types that have fields, by name.
pub(super) struct Schema {
    objects: HashMap<String, Vec<FieldDefinition>>,
    inputs: HashMap<String, Vec<schema::InputValue<'static, String>>>,
}

/// Read at the first query.
pub(super) fn schema() -> Result<&'static Schema, ApiError> {
    static SCHEMA: LazyLock<Result<Schema, String>> = LazyLock::new(Schema::read);
    SCHEMA.as_ref().map_err(|error| ApiError::internal(format!("The GraphQL schema is wrong: {error}.")))
}

impl Schema {
    fn read() -> Result<Self, String> {
        let document = parse_schema::<String>(include_str!("schema.graphql"));
        let document = document.map_err(|error| error.to_string())?;
        let mut schema = Self { objects: HashMap::new(), inputs: HashMap::new() };
        for definition in document.definitions {
            match definition {
                Definition::TypeDefinition(TypeDefinition::Object(object)) => {
                    schema.objects.insert(object.name, object.fields);
                }
                Definition::TypeDefinition(TypeDefinition::InputObject(input)) => {
                    schema.inputs.insert(input.name, input.fields);
                }
                _ => {}
            }
        }
        Ok(schema)
    }

    pub(super) fn is_object(&self, name: &str) -> bool {
        self.objects.contains_key(name)
    }

    pub(super) fn field(&self, object: &str, name: &str) -> Option<&FieldDefinition> {
        self.objects.get(object)?.iter().find(|field| field.name == name)
    }

    /// What is wrong with a selection of an object.
    pub(super) fn problems(&self, object: &str, fields: &[Field]) -> Vec<String> {
        fields.iter().flat_map(|field| self.problems_of(object, field)).collect()
    }

    fn problems_of(&self, object: &str, field: &Field) -> Vec<String> {
        let name = &field.name;
        if name == "__typename" {
            return Vec::new();
        }
        let Some(definition) = self.field(object, name) else {
            return vec![format!("Cannot query field '{name}' on type '{object}'.")];
        };
        let mut problems = self.problems_of_arguments(object, field, definition);
        let inner = name_of(&definition.field_type);
        match (self.is_object(inner), field.children.is_empty()) {
            (true, true) => problems.push(format!(
                "Field '{name}' of type '{}' must have a selection of subfields. Did you mean '{name} {{ ... }}'?",
                definition.field_type
            )),
            (false, false) => problems.push(format!(
                "Field '{name}' must not have a selection since type '{}' has no subfields.",
                definition.field_type
            )),
            _ => problems.extend(self.problems(inner, &field.children)),
        }
        problems
    }

    fn problems_of_arguments(
        &self,
        object: &str,
        field: &Field,
        definition: &FieldDefinition,
    ) -> Vec<String> {
        let mut problems = Vec::new();
        for (name, value) in &field.arguments {
            let Some(argument) = definition.arguments.iter().find(|argument| argument.name == *name) else {
                problems.push(format!("Unknown argument '{name}' on field '{object}.{}'.", field.name));
                continue;
            };
            let input = name_of(&argument.value_type);
            let (Value::Object(given), Some(known)) = (value, self.inputs.get(input)) else { continue };
            let unknown = given.keys().filter(|key| known.iter().all(|field| field.name != key.as_str()));
            problems.extend(unknown.map(|key| format!("Field '{key}' is not defined by type '{input}'.")));
        }
        problems
    }
}

/// The type without lists and marks.
pub(super) fn name_of(of: &Type) -> &str {
    match of {
        Type::NamedType(name) => name,
        Type::ListType(inner) | Type::NonNullType(inner) => name_of(inner),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_that_is_named_is_there() {
        let schema = Schema::read().unwrap();
        let scalars = ["String", "LongString", "Int", "Float", "Boolean"];
        let fields = schema.objects.values().flatten();
        let named = fields.flat_map(|field| {
            let arguments = field.arguments.iter().map(|argument| &argument.value_type);
            arguments.chain([&field.field_type]).map(name_of)
        });
        let missing: Vec<_> = named
            .filter(|name| {
                !scalars.contains(name) && !schema.is_object(name) && !schema.inputs.contains_key(*name)
            })
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
