use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use trackline_capture::packages::{Packages, conda_yaml, normalized_name, python_env_yaml, requirements_txt};

fn file(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A folder as installers leave it.
fn site() -> TempDir {
    let site = TempDir::new().unwrap();
    let at = site.path();
    file(
        at,
        "scikit_learn-1.9.1.dist-info/RECORD",
        "sklearn/__init__.py,sha256=x,1\nsklearn/base.py,,\nscikit_learn-1.9.1.dist-info/METADATA,,\n",
    );
    file(
        at,
        "scikit_learn-1.9.1.dist-info/METADATA",
        "Name: scikit-learn\nRequires-Dist: numpy>=1.22\nRequires-Dist: joblib (>=1.3)\n\
         Requires-Dist: pytest>=7; extra == \"tests\"\n\nRequires-Dist: six\n",
    );
    file(at, "numpy-2.4.6.dist-info/RECORD", "../../../bin/f2py,,\nnumpy/__init__.py,,\n");
    file(at, "joblib-1.6.0.dist-info/top_level.txt", "joblib\n");
    file(at, "pytest-9.2.0.dist-info/RECORD", "_pytest/__init__.py,,\npytest/__init__.py,,\npy.py,,\n");
    file(at, "six-1.17.0.dist-info/RECORD", "six.py,,\n__pycache__/six.cpython-311.pyc,,\n");
    file(at, "xgboost_cpu-3.2.0.dist-info/RECORD", "xgboost/__init__.py,,\n");
    file(
        at,
        "xgboost_cpu-3.2.0.dist-info/METADATA",
        "Requires-Dist: nvidia-nccl-cu12 ; platform_system == \"Linux\"\n",
    );
    file(at, "nvidia_nccl_cu12-2.20.dist-info/RECORD", "nvidia/nccl/lib.so,,\n");
    file(
        at,
        "cffi-2.1.1.dist-info/RECORD",
        "_cffi_backend.cpython-311-x86_64-linux-gnu.so,,\ncffi/api.py,,\n",
    );
    file(at, "google_auth-2.62.2.dist-info/RECORD", "google/auth/__init__.py,,\n");
    file(
        at,
        "protobuf-7.36.2.dist-info/RECORD",
        "google/protobuf/__init__.py,,\ngoogle/_upb/_message.abi3.so,,\n",
    );
    file(at, "pip-24.0.dist-info/RECORD", "pip/__init__.py,,\n");
    file(at, "trackline-0.1.0.dist-info/RECORD", "trackline/__init__.py,,\n");
    file(at, "old_tool-1.0-py3.11.egg-info/top_level.txt", "old_tool\n");
    file(at, "mine.egg-info/PKG-INFO", "Metadata-Version: 2.1\nName: mine\nVersion: 0.0.1\n");
    file(at, "~umpy-1.0.dist-info/METADATA", "");
    site
}

fn scan(folders: &[&Path]) -> Packages {
    Packages::scan(&folders.iter().map(|folder| folder.to_path_buf()).collect::<Vec<PathBuf>>())
}

fn names(packages: &Packages) -> Vec<String> {
    packages.list().iter().map(|package| format!("{} {}", package.name, package.version)).collect()
}

#[test]
fn every_installed_distribution_is_found() {
    let site = site();
    let expected = [
        "cffi 2.1.1",
        "google-auth 2.62.2",
        "joblib 1.6.0",
        "mine 0.0.1",
        "numpy 2.4.6",
        "nvidia-nccl-cu12 2.20",
        "old-tool 1.0",
        "pip 24.0",
        "protobuf 7.36.2",
        "pytest 9.2.0",
        "scikit-learn 1.9.1",
        "six 1.17.0",
        "trackline 0.1.0",
        "xgboost-cpu 3.2.0",
    ];
    assert_eq!(names(&scan(&[site.path()])), expected);
}

#[test]
fn the_first_on_the_path_wins() {
    let (site, other) = (site(), TempDir::new().unwrap());
    file(other.path(), "numpy-1.0.dist-info/RECORD", "numpy/__init__.py,,\n");
    let nowhere = Path::new("/does/not/exist.zip");
    assert!(names(&scan(&[nowhere, other.path(), site.path()])).contains(&"numpy 1.0".to_owned()));
    assert!(names(&scan(&[site.path(), other.path()])).contains(&"numpy 2.4.6".to_owned()));
}

#[test]
fn a_model_requires_its_modules_and_what_these_require() {
    let site = site();
    let packages = scan(&[site.path()]);
    assert_eq!(packages.requirements(&["sklearn"]), ["joblib==1.6.0", "numpy==2.4.6", "scikit-learn==1.9.1"]);
    assert_eq!(
        packages.requirements(&["_cffi_backend", "six", "old_tool"]),
        ["cffi==2.1.1", "old-tool==1.0", "six==1.17.0"]
    );
}

#[test]
fn what_modules_need_is_known_from_before() {
    let site = site();
    let packages = scan(&[site.path()]);
    packages.read_modules();
    drop(site); // What is said of the modules was in its files.
    assert_eq!(packages.requirements(&["six"]), ["six==1.17.0"]);
}

#[test]
fn one_of_two_names_is_required_when_one_is_installed() {
    let site = site();
    assert_eq!(scan(&[site.path()]).requirements(&["xgboost"]), ["xgboost-cpu==3.2.0"]);
}

#[test]
fn what_no_model_needs_is_left_out() {
    let site = site();
    assert!(
        scan(&[site.path()])
            .requirements(&["sys", "json", "__main__", "pip", "trackline", "unknown"])
            .is_empty()
    );
}

#[test]
fn a_shared_namespace_is_told_apart_by_dotted_names() {
    let site = site();
    let packages = scan(&[site.path()]);
    assert_eq!(packages.requirements(&["google", "google.protobuf"]), ["protobuf==7.36.2"]);
    assert_eq!(packages.requirements(&["google"]), ["google-auth==2.62.2", "protobuf==7.36.2"]);
}

#[test]
fn names_are_normalised() {
    assert_eq!(normalized_name("Zope.Interface__x"), "zope-interface-x");
}

#[test]
fn the_files_say_what_mlflows_say() {
    let requirements = ["numpy==2.4.6".to_owned(), "scikit-learn==1.9.1".to_owned()];
    assert_eq!(requirements_txt(&requirements), "numpy==2.4.6\nscikit-learn==1.9.1\n");
    let conda = "channels:\n- conda-forge\ndependencies:\n- python=3.11.7\n- pip\n- pip:\n  - numpy==2.4.6\n  - scikit-learn==1.9.1\nname: mlflow-env\n";
    assert_eq!(conda_yaml("3.11.7", &requirements), conda);
    assert!(!conda_yaml("3.11.7", &[]).contains("pip:"));
    let env = "python: 3.11.7\nbuild_dependencies:\n- pip\n- setuptools\n- wheel\ndependencies:\n- -r requirements.txt\n";
    assert_eq!(python_env_yaml("3.11.7"), env);
}
