use trackline_model::{ModelVersion, Stage};
use trackline_store::{NewModelVersion, RegistryQuery, Store};

use crate::support::{open, run, tag};

const PROMPT: &str = "mlflow.prompt.is_prompt";

fn fill(store: &Store) -> String {
    let run_id = run(store);
    for (name, team) in [("forest", "x"), ("Fir", "y"), ("oak", "x")] {
        store.create_registered_model(name, None, &[tag("team", team)]).unwrap();
        for version in 1..=2 {
            let new = NewModelVersion {
                name: name.into(),
                source: format!("runs:/{run_id}/{name}-{version}"),
                run_id: Some(run_id.clone()),
                tags: vec![tag("round", &version.to_string())],
                ..Default::default()
            };
            store.create_model_version(&new).unwrap();
        }
    }
    let prompt = [tag(PROMPT, "true")];
    store.create_registered_model("prompt", None, &prompt).unwrap();
    let version = NewModelVersion {
        name: "prompt".into(),
        source: "dummy-source".into(),
        tags: prompt.to_vec(),
        ..Default::default()
    };
    store.create_model_version(&version).unwrap();
    run_id
}

fn query(filter: &str, order_by: &[&str]) -> RegistryQuery {
    RegistryQuery {
        filter: filter.into(),
        order_by: order_by.iter().map(|clause| (*clause).to_owned()).collect(),
        ..Default::default()
    }
}

#[test]
fn models_are_found_and_prompts_only_when_asked_for() {
    let store = open();
    fill(&store);
    for (filter, order, found) in [
        ("", vec![], "Fir forest oak"),
        ("", vec!["name DESC"], "oak forest Fir"),
        ("name = 'oak'", vec![], "oak"),
        ("name LIKE 'f%'", vec![], "forest"),
        ("name ILIKE 'f%'", vec![], "Fir forest"),
        ("tags.team = 'x'", vec![], "forest oak"),
        ("tags.team != 'x'", vec![], "Fir"),
        ("tags.`mlflow.prompt.is_prompt` != 'true'", vec![], "Fir forest oak"),
        ("tags.team = 'x' AND tags.`mlflow.prompt.is_prompt` = 'false'", vec![], "forest oak"),
        ("tags.`mlflow.prompt.is_prompt` = 'true'", vec![], "prompt"),
    ] {
        let page = store.search_registered_models(&query(filter, &order)).unwrap();
        let names: Vec<String> = page.items.into_iter().map(|model| model.name).collect();
        assert_eq!(names.join(" "), found, "{filter} {order:?}");
    }
}

#[test]
fn versions_are_found() {
    let store = open();
    let run_id = fill(&store);
    let by_run = format!("run_id = '{run_id}' AND name = 'oak'");
    for (filter, order, found) in [
        ("name = 'forest'", vec!["version_number ASC"], "forest1 forest2"),
        ("version_number > 1", vec!["name"], "Fir2 forest2 oak2"),
        ("tags.round = '1'", vec!["name DESC"], "oak1 forest1 Fir1"),
        ("source_path LIKE '%oak-2'", vec![], "oak2"),
        (by_run.as_str(), vec!["name"], "oak2 oak1"),
        ("tags.`mlflow.prompt.is_prompt` = 'true'", vec![], "prompt1"),
    ] {
        let page = store.search_model_versions(&query(filter, &order)).unwrap();
        let names: Vec<String> =
            page.items.into_iter().map(|version| format!("{}{}", version.name, version.version)).collect();
        assert_eq!(names.join(" "), found, "{filter} {order:?}");
    }
}

#[test]
fn each_is_found_whole() {
    let store = open();
    fill(&store);
    store.set_alias("oak", "best", 1).unwrap();
    store.set_alias("oak", "last", 2).unwrap();
    store.set_alias("Fir", "best", 2).unwrap();
    store.transition_stage("oak", 1, Stage::Production, false).unwrap();
    store.create_registered_model("pine", None, &[]).unwrap();
    let models = store.search_registered_models(&query("", &["name"])).unwrap().items;
    let alone: Vec<_> = models.iter().map(|model| store.get_registered_model(&model.name).unwrap()).collect();
    assert_eq!(models, alone);
    let versions = store.search_model_versions(&query("", &["name"])).unwrap().items;
    let get = |found: &ModelVersion| store.get_model_version(&found.name, found.version).unwrap();
    assert_eq!(versions, versions.iter().map(get).collect::<Vec<_>>());
    let whole = models.iter().map(|model| {
        let aliases: Vec<_> =
            model.aliases.iter().map(|one| format!("{}={}", one.alias, one.version)).collect();
        let latest: Vec<_> = model.latest_versions.iter().map(|latest| latest.version).collect();
        let tags: Vec<_> = model.tags.iter().map(|tag| tag.value.as_str()).collect();
        format!("{} {} [{}] {latest:?}", model.name, tags.join(","), aliases.join(","))
    });
    assert_eq!(
        whole.collect::<Vec<_>>(),
        ["Fir y [best=2] [2]", "forest x [] [2]", "oak x [best=1,last=2] [1, 2]", "pine  [] []"]
    );
    let rounds: Vec<_> =
        versions.iter().flat_map(|version| &version.tags).map(|tag| &tag.value[..]).collect();
    assert_eq!(rounds, ["2", "1", "2", "1", "2", "1"]);
}

#[test]
fn pages_join_to_the_whole() {
    let store = open();
    fill(&store);
    let mut query = RegistryQuery { max_results: 4, ..query("", &["name"]) };
    let first = store.search_model_versions(&query).unwrap();
    query.page_token = first.next_page_token;
    let second = store.search_model_versions(&query).unwrap();
    assert_eq!((first.items.len(), second.items.len(), second.next_page_token), (4, 2, None));
}
