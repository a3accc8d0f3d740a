//! Commands that look after a store.

use insta::assert_snapshot;

use crate::project::Project;

#[test]
fn a_backup_is_shown_like_a_store() {
    let project = Project::new();
    project.run('a', "first", &[], &[("loss", 0.5)]);
    assert_snapshot!(project.transcript(&["backup", "copy"]), @r"
    Copied PROJECT/.trackline to copy: the database and 0 new blobs (0 bytes)
    ");
    assert_snapshot!(project.transcript(&["runs", "list", "--store", "copy"]), @r"
    id        name   status       started    duration  experiment  loss
    aaaaaaaa  first  FINISHED  2025-01-31  1 min 30 s  Default      0.5
    ");
}

#[test]
fn a_database_is_copied_by_its_own_means() {
    let project = Project::new();
    let args = ["backup", "--store", "postgresql://u@127.0.0.1:1/x", "copy"];
    assert_snapshot!(project.transcript(&args), @r"
    error: a store in PostgreSQL is copied by the means of PostgreSQL
    hint: run pg_dump, and then copy the folder or the bucket of its artifacts
    [exit code 2]
    ");
}

#[test]
fn what_was_deleted_long_ago_is_removed() {
    let project = Project::new();
    let run_id = project.run('a', "first", &[], &[("loss", 0.5)]);
    project.store().delete_run(&run_id).unwrap();
    assert_snapshot!(project.transcript(&["gc"]), @r"
    Removed 0 runs, 0 logged models, 0 experiments and 0 blobs (0 bytes)
    ");
    assert_snapshot!(project.transcript(&["gc", "--older-than", "0s"]), @r"
    Removed 1 run, 0 logged models, 0 experiments and 0 blobs (0 bytes)
    ");
    assert_snapshot!(project.transcript(&["gc", "--older-than", "soon"]), @r"
    error: invalid value 'soon' for '--older-than <AGE>': 'soon' is no age: write 30d, 12h, or 1d2h3m4s

    For more information, try '--help'.
    [exit code 2]
    ");
}

#[test]
fn there_must_be_a_store() {
    let project = Project::empty();
    assert_snapshot!(project.transcript(&["gc"]), @r"
    error: there is no store at PROJECT/.trackline
    hint: go to the folder of your project, give --store, or record a first run
    [exit code 1]
    ");
}
