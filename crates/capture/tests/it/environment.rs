use trackline_capture::packages::Package;
use trackline_capture::{Environment, Python, Variables, gpu};

fn observed() -> Environment {
    let python = Python {
        version: "3.11.7".to_owned(),
        implementation: "CPython".to_owned(),
        executable: "/usr/bin/python3".to_owned(),
    };
    let packages = vec![Package { name: "numpy".to_owned(), version: "2.4.6".to_owned() }];
    Environment::observe(
        Some(python),
        packages,
        &["train.py".to_owned(), "--api-key=abc".to_owned()],
        &Variables::now(),
    )
}

#[test]
fn this_machine_is_described() {
    let environment = observed();
    assert!(!environment.os.is_empty() && !environment.cpu.model.is_empty());
    assert!(environment.cpu.cores >= 1);
    assert_eq!(environment.argv, ["train.py", "--api-key=[redacted]"]);
    #[cfg(unix)]
    {
        assert!(environment.kernel.contains(' ') && !environment.hostname.is_empty());
        assert!(environment.memory_bytes > 1 << 24, "{} bytes of memory", environment.memory_bytes);
        let disk = environment.disk.unwrap();
        assert!(disk.total_bytes >= disk.free_bytes && disk.total_bytes > 0);
    }
}

#[test]
fn cores_are_those_of_this_process() {
    let allowed = std::thread::available_parallelism().unwrap().get();
    assert_eq!(observed().cpu.cores, allowed);
}

#[test]
fn devices_are_named_or_there_are_none() {
    for gpu in gpu::list() {
        assert!(!gpu.name.is_empty() && gpu.memory_bytes > 0 && gpu.cuda.contains('.'), "{gpu:?}");
    }
    assert_eq!(gpu::list(), gpu::list(), "asking twice is allowed");
}

#[test]
fn the_document_has_its_keys_and_reads_back() {
    let environment = observed();
    let document = serde_json::to_value(&environment).unwrap();
    for key in ["python", "os", "hostname", "cpu", "memory_bytes", "gpus", "packages", "argv", "variables"] {
        assert!(document.get(key).is_some(), "{key}");
    }
    assert_eq!(document["python"]["implementation"], "CPython");
    assert_eq!(document["packages"][0], serde_json::json!({"name": "numpy", "version": "2.4.6"}));
    assert_eq!(serde_json::from_value::<Environment>(document).unwrap(), environment);
}
