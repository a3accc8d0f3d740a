use super::{
    MAX_ALIAS_LENGTH, MAX_EXPERIMENT_NAME_LENGTH, MAX_MODEL_NAME_LENGTH, MAX_RUN_ID_LENGTH, shown,
    validate_length,
};
use crate::Invalid;

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

/// Checks a run id: up to 256 letters, digits, `_` and `-`, an ASCII letter or digit first.
///
/// Trackline makes ids of 32 hexadecimal digits; imported runs keep theirs.
pub fn validate_run_id(id: &str) -> Result<(), Invalid> {
    validate_length("run id", id, MAX_RUN_ID_LENGTH)?;
    if id.starts_with(|c: char| c.is_ascii_alphanumeric()) && id.chars().all(is_word) {
        return Ok(());
    }
    Err(Invalid::new(format!(
        "Invalid run id {}: run ids hold letters, digits, '_' and '-', a letter or digit first",
        shown(id)
    )))
}

/// Checks the name of an experiment: any text of 1 to 500 characters.
pub fn validate_experiment_name(name: &str) -> Result<(), Invalid> {
    if name.is_empty() {
        return Err(Invalid::new("Invalid experiment name '': an experiment needs a name"));
    }
    validate_length("experiment name", name, MAX_EXPERIMENT_NAME_LENGTH)
}

/// Checks the name of a registered model: up to 256 characters without `/` and `:`.
pub fn validate_registered_model_name(name: &str) -> Result<(), Invalid> {
    if name.is_empty() {
        return Err(Invalid::new("Invalid model name '': a registered model needs a name"));
    }
    validate_length("registered model name", name, MAX_MODEL_NAME_LENGTH)?;
    if name.contains(['/', ':']) || matches!(name, "." | "..") {
        return Err(Invalid::new(format!(
            "Invalid model name {}: names of registered models cannot contain '/' or ':', nor be '.' or '..'",
            shown(name)
        )));
    }
    Ok(())
}

/// Checks the name of a logged model: up to 256 characters without `/ : . % " '`.
pub fn validate_logged_model_name(name: &str) -> Result<(), Invalid> {
    if name.is_empty() {
        return Err(Invalid::new("Invalid model name '': a logged model needs a name"));
    }
    validate_length("logged model name", name, MAX_MODEL_NAME_LENGTH)?;
    if name.contains(['/', ':', '.', '%', '"', '\'']) {
        return Err(Invalid::new(format!(
            "Invalid model name {}: names of logged models cannot contain any of / : . % \" '",
            shown(name)
        )));
    }
    Ok(())
}

/// Checks the name of a webhook: up to 63 letters and digits, with `.`, `_` and `-` between them.
pub fn validate_webhook_name(name: &str) -> Result<(), Invalid> {
    let ends = |c: char| c.is_ascii_alphanumeric();
    let inside = |c: char| ends(c) || matches!(c, '.' | '_' | '-');
    if name.len() <= 63 && name.starts_with(ends) && name.ends_with(ends) && name.chars().all(inside) {
        return Ok(());
    }
    Err(Invalid::new(format!(
        "Webhook name {} is invalid. It must start and end with a letter or digit, be less than 63 characters long, \
         and contain only letters, digits, dots (.), underscores (_), and hyphens (-).",
        shown(name)
    )))
}

/// Checks an alias: up to 255 letters, digits, `_` and `-`, and not a name that already means a version
/// (`latest`, `v1`).
pub fn validate_alias(alias: &str) -> Result<(), Invalid> {
    if alias.is_empty() {
        return Err(Invalid::new("Invalid alias name '': an alias needs a name"));
    }
    validate_length("alias", alias, MAX_ALIAS_LENGTH)?;
    if !alias.chars().all(is_word) {
        return Err(Invalid::new(format!(
            "Invalid alias name {}: aliases hold letters, digits, '_' and '-'",
            shown(alias)
        )));
    }
    let number = alias.strip_prefix(['v', 'V']);
    let version = number.is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()));
    if version || alias.eq_ignore_ascii_case("latest") {
        return Err(Invalid::new(format!(
            "Invalid alias name {}: 'latest' and version numbers like 'v1' are reserved",
            shown(alias)
        )));
    }
    Ok(())
}
