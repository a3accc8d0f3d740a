//! A query as the tree of fields that it selects, with fragments and variables put in their places.

use std::collections::{HashMap, HashSet};

use graphql_parser::query::{self, Definition, Directive, OperationDefinition, SelectionSet, parse_query};
use serde_json::{Map, Value};

/// Limits of MLflow's server. Each root field is a call, and aliases let one be made many times.
const MAX_ROOT_FIELDS: usize = 10;
const MAX_ALIASES: usize = 10;
const MAX_DEPTH: usize = 10;
const MAX_SELECTIONS: usize = 1000;
/// Each use of a variable is another copy of its value.
const MAX_USES: usize = 100;

/// What a query selects of a root type.
pub(super) struct Selection {
    pub(super) root: &'static str,
    pub(super) fields: Vec<Field>,
}

/// A selected field.
pub(super) struct Field {
    /// Its name in the answer.
    pub(super) key: String,
    pub(super) name: String,
    pub(super) arguments: Map<String, Value>,
    pub(super) children: Vec<Field>,
}

type Set<'q> = SelectionSet<'q, &'q str>;

impl Selection {
    /// Reads the operation of this name, or the only one.
    pub(super) fn read(
        query: &str,
        operation: Option<&str>,
        variables: &Map<String, Value>,
    ) -> Result<Self, String> {
        let document = parse_query::<&str>(query).map_err(|error| format!("Syntax Error: {error}"))?;
        let operations = document.definitions.iter().filter_map(|definition| match definition {
            Definition::Operation(found) => Some(Operation::of(found)),
            Definition::Fragment(_) => None,
        });
        let mut operations: Vec<_> = operations.collect::<Result<_, _>>()?;
        let chosen = match operation {
            Some(name) => operations.into_iter().find(|found| found.name == Some(name)),
            None if operations.len() > 1 => {
                return Err("Must provide operation name if query contains multiple operations.".to_owned());
            }
            None => operations.pop(),
        };
        let Some(chosen) = chosen else {
            return Err(operation.map_or("Must provide an operation.".to_owned(), unknown_operation));
        };
        let fragments = document.definitions.iter().filter_map(|definition| match definition {
            Definition::Fragment(fragment) => Some((fragment.name, &fragment.selection_set)),
            Definition::Operation(_) => None,
        });
        let variables = chosen.values(variables)?;
        let mut reader = Reader { fragments: fragments.collect(), variables, selections: 0, uses: 0 };
        Ok(Self { root: chosen.root, fields: reader.fields(&[chosen.selection], 1)? })
    }
}

fn unknown_operation(name: &str) -> String {
    format!("Unknown operation named '{name}'.")
}

struct Operation<'q> {
    root: &'static str,
    name: Option<&'q str>,
    variables: &'q [query::VariableDefinition<'q, &'q str>],
    selection: &'q Set<'q>,
}

impl<'q> Operation<'q> {
    fn of(definition: &'q OperationDefinition<'q, &'q str>) -> Result<Self, String> {
        Ok(match definition {
            OperationDefinition::SelectionSet(selection) => {
                Self { root: "Query", name: None, variables: &[], selection }
            }
            OperationDefinition::Query(query) => Self {
                root: "Query",
                name: query.name,
                variables: &query.variable_definitions,
                selection: &query.selection_set,
            },
            OperationDefinition::Mutation(mutation) => Self {
                root: "Mutation",
                name: mutation.name,
                variables: &mutation.variable_definitions,
                selection: &mutation.selection_set,
            },
            OperationDefinition::Subscription(_) => {
                return Err("Subscriptions are not supported.".to_owned());
            }
        })
    }

    /// The declared variables; one without a value and a default is null.
    fn values(&self, given: &Map<String, Value>) -> Result<HashMap<&'q str, Value>, String> {
        let values = self.variables.iter().map(|variable| {
            let value = match (given.get(variable.name), &variable.default_value) {
                (Some(value), _) => value.clone(),
                (None, Some(default)) => plain(default, &HashMap::new())?,
                (None, None) => Value::Null,
            };
            if value.is_null() && matches!(variable.var_type, query::Type::NonNullType(_)) {
                let name = variable.name;
                return Err(format!(
                    "Variable '${name}' of required type '{}' was not provided.",
                    variable.var_type
                ));
            }
            Ok((variable.name, value))
        });
        values.collect()
    }
}

struct Reader<'q> {
    fragments: HashMap<&'q str, &'q Set<'q>>,
    variables: HashMap<&'q str, Value>,
    /// Of fields and of fragments: one that is in another is read inside it.
    selections: usize,
    /// Of variables.
    uses: usize,
}

/// The fields of one object, from all places that select of it.
#[derive(Default)]
struct Level<'q> {
    fields: Vec<(Field, Vec<&'q Set<'q>>)>,
    /// Each is spread once an object, which also ends those that spread themselves.
    spread: HashSet<&'q str>,
    selected: usize,
    aliases: usize,
}

impl<'q> Reader<'q> {
    fn fields(&mut self, sets: &[&'q Set<'q>], depth: usize) -> Result<Vec<Field>, String> {
        if depth > MAX_DEPTH {
            return Err(format!("Query exceeds maximum depth of {MAX_DEPTH}"));
        }
        let mut level = Level::default();
        for set in sets {
            self.gather(set, &mut level)?;
        }
        if depth == 1 {
            at_most(MAX_ROOT_FIELDS, level.selected, "root fields")?;
        }
        at_most(MAX_ALIASES, level.aliases, "aliases")?;
        let fields = level.fields.into_iter().map(|(mut field, sets)| {
            if sets.iter().any(|set| !set.items.is_empty()) {
                field.children = self.fields(&sets, depth + 1)?;
            }
            Ok(field)
        });
        fields.collect()
    }

    fn gather(&mut self, set: &'q Set<'q>, level: &mut Level<'q>) -> Result<(), String> {
        for item in &set.items {
            self.selections += 1;
            if self.selections > MAX_SELECTIONS {
                return Err(format!("Query exceeds maximum total selections of {MAX_SELECTIONS}"));
            }
            match item {
                query::Selection::Field(field) => self.select(field, level)?,
                query::Selection::InlineFragment(fragment) if self.included(&fragment.directives)? => {
                    self.gather(&fragment.selection_set, level)?;
                }
                query::Selection::FragmentSpread(spread) if self.included(&spread.directives)? => {
                    let name = spread.fragment_name;
                    let Some(set) = self.fragments.get(name).copied() else {
                        return Err(format!("Unknown fragment '{name}'."));
                    };
                    if level.spread.insert(name) {
                        self.gather(set, level)?;
                    }
                }
                query::Selection::InlineFragment(_) | query::Selection::FragmentSpread(_) => {}
            }
        }
        Ok(())
    }

    fn select(&mut self, field: &'q query::Field<'q, &'q str>, level: &mut Level<'q>) -> Result<(), String> {
        level.selected += 1;
        level.aliases += usize::from(field.alias.is_some());
        if !self.included(&field.directives)? {
            return Ok(());
        }
        let (key, name) = (field.alias.unwrap_or(field.name), field.name);
        let arguments = self.arguments(&field.arguments)?;
        match level.fields.iter_mut().find(|(seen, _)| seen.key == key) {
            Some((seen, sets)) if seen.name == name && seen.arguments == arguments => {
                sets.push(&field.selection_set);
            }
            Some(_) => return Err(format!("Fields '{key}' conflict. Use different aliases on the fields.")),
            None => {
                let (key, name) = (key.to_owned(), name.to_owned());
                let read = Field { key, name, arguments, children: Vec::new() };
                level.fields.push((read, vec![&field.selection_set]));
            }
        }
        Ok(())
    }

    fn included(&mut self, directives: &[Directive<'q, &'q str>]) -> Result<bool, String> {
        for directive in directives {
            let wanted = match directive.name {
                "include" => true,
                "skip" => false,
                name => return Err(format!("Unknown directive '@{name}'.")),
            };
            let given = self.arguments(&directive.arguments)?;
            let Some(Value::Bool(given)) = given.get("if") else {
                return Err(format!("Directive '@{}' needs the argument 'if'.", directive.name));
            };
            if *given != wanted {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn arguments(
        &mut self,
        given: &[(&'q str, query::Value<'q, &'q str>)],
    ) -> Result<Map<String, Value>, String> {
        self.uses += given.iter().map(|(_, value)| uses(value)).sum::<usize>();
        at_most(MAX_USES, self.uses, "uses of variables")?;
        let values =
            given.iter().map(|(name, value)| Ok(((*name).to_owned(), plain(value, &self.variables)?)));
        values.collect()
    }
}

fn at_most(limit: usize, count: usize, what: &str) -> Result<(), String> {
    if count > limit {
        return Err(format!("GraphQL queries should have at most {limit} {what}, got {count} {what}."));
    }
    Ok(())
}

/// How many variables are put into a value.
fn uses<'q>(value: &query::Value<'q, &'q str>) -> usize {
    match value {
        query::Value::Variable(_) => 1,
        query::Value::List(items) => items.iter().map(uses).sum(),
        query::Value::Object(fields) => fields.values().map(uses).sum(),
        _ => 0,
    }
}

/// A value as JSON. Its depth is limited by the parser.
fn plain<'q>(
    value: &query::Value<'q, &'q str>,
    variables: &HashMap<&'q str, Value>,
) -> Result<Value, String> {
    Ok(match value {
        query::Value::Variable(name) => {
            let value = variables.get(name);
            value.cloned().ok_or_else(|| format!("Variable '${name}' is not defined."))?
        }
        query::Value::Int(number) => number.as_i64().into(),
        query::Value::Float(number) => (*number).into(),
        query::Value::String(text) => text.as_str().into(),
        query::Value::Boolean(truth) => (*truth).into(),
        query::Value::Null => Value::Null,
        query::Value::Enum(name) => (*name).into(),
        query::Value::List(items) => {
            Value::Array(items.iter().map(|item| plain(item, variables)).collect::<Result<_, _>>()?)
        }
        query::Value::Object(fields) => {
            let fields =
                fields.iter().map(|(name, value)| Ok(((*name).to_owned(), plain(value, variables)?)));
            Value::Object(fields.collect::<Result<_, String>>()?)
        }
    })
}
