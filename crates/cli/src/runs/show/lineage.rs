//! The way of the data that models of a run saw, as the document `lineage` tells it.

use serde_json::Value;

/// For each use of data, what it was for and the steps behind it, the first one first.
pub(super) fn ways(lineage: &Value) -> Vec<(String, String)> {
    let uses = lineage["used"].as_array().map(Vec::as_slice).unwrap_or_default();
    let way = |used: &Value| {
        let name = used["name"].as_str().unwrap_or_default().to_owned();
        let steps = steps(lineage, used);
        (!steps.is_empty()).then(|| (format!("{name} ({})", used["context"].as_str().unwrap_or("-")), steps))
    };
    uses.iter().filter_map(way).collect()
}

/// Along the first source of each step; a step knows only earlier ones.
fn steps(lineage: &Value, used: &Value) -> String {
    let all = lineage["steps"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut names: Vec<String> = Vec::new();
    let mut next = &used["from"][0];
    let mut last = u64::MAX;
    while let Some(number) = next.as_u64().filter(|number| *number < last) {
        let Some(step) = all.iter().find(|step| step["id"] == number) else { break };
        let what = step["what"].as_str().unwrap_or_default();
        let detail = ["source", "part"].iter().find_map(|name| step["detail"][name].as_str());
        names.push(detail.map_or_else(|| what.to_owned(), |detail| format!("{what} {detail}")));
        (last, next) = (number, &step["from"][0]);
    }
    names.reverse();
    names.join(" → ")
}
