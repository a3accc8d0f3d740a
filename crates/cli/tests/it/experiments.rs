use insta::assert_snapshot;
use trackline_model::Tag;

use crate::project::Project;

#[test]
fn experiments_are_listed() {
    let project = Project::new();
    let tags = [Tag { key: "team".into(), value: "vision".into() }];
    project.store().create_experiment("iris", None, &tags).unwrap();
    assert_snapshot!(project.transcript(&["experiments", "list"]), @r"
    id  name     created  changed
     1  iris     0 s ago  0 s ago
     0  Default  0 s ago  0 s ago
    ");
    let json = project.command(&["experiments", "list", "--json"]).output().unwrap().stdout;
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json[0]["name"], "iris");
    assert_eq!(json[0]["tags"]["team"], "vision");
    assert_eq!(json[1]["experiment_id"], "0");
}
