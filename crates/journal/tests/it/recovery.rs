use trackline_journal::{FORKED, Reader, Writer, abandoned, forked};

use crate::samples::{few, rest, write};

#[test]
fn a_journal_whose_writer_lives_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let writer = Writer::create(folder.path(), "a").unwrap();
    assert!(abandoned(folder.path()).unwrap().is_empty());
    drop(writer);
    let found = abandoned(folder.path()).unwrap();
    assert_eq!(found.iter().map(|journal| journal.id()).collect::<Vec<_>>(), ["a"]);
}

#[test]
fn only_one_may_bring_in_what_a_dead_writer_left() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &few());
    let held = abandoned(folder.path()).unwrap();
    assert_eq!(rest(&mut held[0].reader().unwrap()), few());
    assert!(abandoned(folder.path()).unwrap().is_empty());
    drop(held);
    assert_eq!(abandoned(folder.path()).unwrap().len(), 1);
}

#[test]
fn a_removed_journal_is_gone_and_a_damaged_one_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    drop(Writer::create(folder.path(), "a").unwrap());
    drop(Writer::create(folder.path(), "b").unwrap());
    let mut found = abandoned(folder.path()).unwrap();
    let kept = found.pop().unwrap().set_aside().unwrap();
    found.pop().unwrap().remove().unwrap();
    assert_eq!(kept, folder.path().join("b.damaged"));
    assert!(Reader::open(&kept).is_ok());
    assert!(!folder.path().join("a.journal").exists());
    assert!(abandoned(folder.path()).unwrap().is_empty());
}

#[test]
fn a_folder_that_does_not_exist_has_no_journals() {
    let folder = tempfile::tempdir().unwrap();
    assert!(abandoned(&folder.path().join("none")).unwrap().is_empty());
}

#[test]
fn journals_of_forked_children_are_for_others_to_carry_while_they_live() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(folder.path(), &format!("a{FORKED}")).unwrap();
    writer.append(&few()).unwrap();
    let found = forked(folder.path()).unwrap();
    assert!(!found[0].writer_is_gone());
    assert_eq!(rest(&mut found[0].reader().unwrap()), few());
    drop((writer, found));
    assert!(forked(folder.path()).unwrap()[0].writer_is_gone());
    assert!(abandoned(folder.path()).unwrap().is_empty());
}
