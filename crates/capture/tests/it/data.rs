use proptest::prelude::*;
use serde_json::{Value, json};
use trackline_capture::data::{
    ArrayView, Column, Description, Values, column_spec, describe_table, describe_tensors, sampled_rows,
    tensor_spec,
};
use trackline_capture::evaluate::LabelValues;

fn bytes<T: Copy, const N: usize>(values: &[T], to: impl Fn(T) -> [u8; N]) -> Vec<u8> {
    values.iter().flat_map(|value| to(*value)).collect()
}

fn doubles(values: &[f64]) -> Vec<u8> {
    bytes(values, f64::to_ne_bytes)
}

fn view<'a>(bytes: &'a [u8], typestr: &str, shape: &[usize]) -> ArrayView<'a> {
    ArrayView::new(bytes, 0, typestr, shape, None).unwrap()
}

fn schemas() -> Value {
    serde_json::from_str(include_str!("../fixtures/schemas.json")).unwrap()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn describe(array: &ArrayView<'_>) -> Description {
    describe_tensors(array, None, true)
}

#[test]
fn tensors_have_mlflows_schema() {
    let (floats, ints, small) = (vec![0; 96], vec![0; 24], vec![0; 384]);
    let text = bytes(&['a' as u32, 0, 'b' as u32, 'c' as u32], u32::to_ne_bytes);
    let expected = &schemas()["tensors"];
    assert_eq!(parsed(&tensor_spec(&view(&floats, "<f8", &[3, 4]))), expected["matrix"]);
    assert_eq!(parsed(&tensor_spec(&view(&small, "|u1", &[2, 8, 8, 3]))), expected["images"]);
    assert_eq!(parsed(&tensor_spec(&view(&ints, "<i8", &[3]))), expected["labels"]);
    assert_eq!(parsed(&tensor_spec(&view(&text, "<U2", &[2]))), expected["names"]);
}

#[test]
fn tables_have_mlflows_schema() {
    let (two, gaps) = (doubles(&[1.0, 2.0]), doubles(&[1.0, f64::NAN]));
    let when = bytes(&[1_767_225_600_000_000_000, i64::MIN], i64::to_ne_bytes);
    let array = |bytes, typestr| Values::Array(view(bytes, typestr, &[2]));
    let holes = Values::Text(vec![Some("a".to_owned()), None]);
    let columns = [
        ("double", array(&two, "<f8")),
        ("gaps", array(&gaps, "<f8")),
        ("float", array(&two[..8], "<f4")),
        ("long", array(&two, "<i8")),
        ("integer", array(&two[..4], "<i2")),
        ("flag", array(&two[..2], "|b1")),
        ("masked", Values::Masked(view(&two, "<i8", &[2]), view(&[0, 1], "|b1", &[2]))),
        ("when", array(&when, "<M8[ns]")),
        ("text", Values::Text(vec![Some("a".to_owned()), Some("b".to_owned())])),
        ("holes", holes),
    ];
    let columns = columns.map(|(name, values)| Column { name: name.to_owned(), values });
    assert_eq!(parsed(&column_spec(&columns)), schemas()["table"]);
    assert_eq!(
        parsed(&describe_table(2, &columns, true).schema),
        json!({"mlflow_colspec": schemas()["table"]})
    );
}

#[test]
fn a_profile_says_sizes_and_what_columns_are_like() {
    let features = doubles(&[1.0, 10.0, 2.0, f64::NAN, 3.0, 30.0]);
    let targets = bytes(&[1, 2, 3], i64::to_ne_bytes);
    let found = describe_tensors(&view(&features, "<f8", &[3, 2]), Some(&view(&targets, "<i8", &[3])), true);
    let expected = json!({
        "features_shape": [3, 2], "features_size": 6, "features_nbytes": 48,
        "targets_shape": [3], "targets_size": 3, "targets_nbytes": 24,
        "num_rows": 3, "num_elements": 6,
        "columns": [
            {
                "count": 3, "null_count": 0, "min": 1.0, "max": 3.0, "mean": 2.0, "std": 1.0,
                "deciles": [1.2, 1.4, 1.6, 1.8, 2.0, 2.2, 2.4, 2.6, 2.8], "distinct": 3, "ranked": 3,
            },
            {
                "count": 2, "null_count": 1, "min": 10.0, "max": 30.0, "mean": 20.0, "std": 200f64.sqrt(),
                "deciles": [12.0, 14.0, 16.0, 18.0, 20.0, 22.0, 24.0, 26.0, 28.0], "distinct": 2, "ranked": 2,
            },
            {
                "name": "target", "count": 3, "null_count": 0, "min": 1, "max": 3, "mean": 2.0, "std": 1.0,
                "deciles": [1.2, 1.4, 1.6, 1.8, 2.0, 2.2, 2.4, 2.6, 2.8], "distinct": 3, "ranked": 3,
            },
        ],
    });
    assert_eq!(parsed(&found.profile), expected);
    let schema = parsed(&found.schema);
    let targets = parsed(schema["mlflow_tensorspec"]["targets"].as_str().unwrap());
    assert_eq!(targets[0]["tensor-spec"]["dtype"], "int64");
}

#[test]
fn a_table_profile_names_its_columns() {
    let ages = bytes(&[20, 40], i64::to_ne_bytes);
    let columns = [
        Column { name: "age".to_owned(), values: Values::Array(view(&ages, "<i8", &[2])) },
        Column { name: "city".to_owned(), values: Values::Text(vec![None, Some("x".to_owned())]) },
        Column { name: "thing".to_owned(), values: Values::Opaque },
    ];
    let found = parsed(&describe_table(2, &columns, true).profile);
    assert_eq!((&found["num_rows"], &found["num_elements"]), (&json!(2), &json!(6)));
    let [age, city, thing] = found["columns"].as_array().unwrap().as_slice() else { panic!("{found}") };
    assert_eq!((&age["name"], &age["min"], &age["max"]), (&json!("age"), &json!(20), &json!(40)));
    let one = json!({"name": "city", "count": 1, "null_count": 1, "distinct": 1, "ranked": 1});
    assert_eq!((city, thing), (&one, &json!({"name": "thing"})));
}

fn statistics(column: Column<'_>, rows: usize) -> Value {
    parsed(&describe_table(rows, &[column], true).profile)["columns"][0].clone()
}

#[test]
fn frequent_values_are_counted() {
    let (zeros, text) = (bytes(&[0, 0, 1, 0], i64::to_ne_bytes), |value: &str| Some(value.to_owned()));
    let flags = Column { name: "flag".to_owned(), values: Values::Array(view(&zeros, "<i8", &[4])) };
    let found = statistics(flags, 4);
    assert_eq!((&found["distinct"], &found["top"]), (&json!(2), &json!([[0, 3], [1, 1]])));

    let towns = vec![text("Ulm"), None, text("Bonn"), text("Ulm"), text("Bonn"), text("Ulm")];
    let city = |name: &str| Column { name: name.to_owned(), values: Values::Text(towns.clone()) };
    let found = statistics(city("city"), 6);
    assert_eq!((&found["distinct"], &found["top"]), (&json!(2), &json!([["Ulm", 3], ["Bonn", 2]])));
    assert_eq!((&found["count"], &found["null_count"]), (&json!(5), &json!(1)));
    assert!(statistics(city("password"), 6).get("top").is_none(), "values of a secret are not told");

    let ids = (0..6).map(|id| Some(id.to_string())).collect();
    let found = statistics(Column { name: "id".to_owned(), values: Values::Text(ids) }, 6);
    assert_eq!((&found["distinct"], found.get("top")), (&json!(6), None));
}

#[test]
fn a_deviation_is_exact_far_from_zero() {
    let far: Vec<f64> = (0..1000).map(|i| 1e9 + f64::from(i % 2)).collect();
    let far = doubles(&far);
    let found =
        statistics(Column { name: "x".to_owned(), values: Values::Array(view(&far, "<f8", &[1000])) }, 1000);
    assert!((found["std"].as_f64().unwrap() - (0.25f64 * 1000.0 / 999.0).sqrt()).abs() < 1e-9, "{found}");
    let endless = doubles(&[1.0, f64::INFINITY]);
    let found =
        statistics(Column { name: "x".to_owned(), values: Values::Array(view(&endless, "<f8", &[2])) }, 2);
    assert_eq!((&found["min"], found.get("mean"), found.get("max")), (&json!(1.0), None, None));
}

#[test]
fn of_a_large_column_some_rows_are_ranked() {
    let numbers: Vec<f64> = (0..100_000).map(f64::from).collect();
    let memory = doubles(&numbers);
    let column = Column { name: "x".to_owned(), values: Values::Array(view(&memory, "<f8", &[100_000])) };
    let found = statistics(column, 100_000);
    assert_eq!((&found["count"], &found["ranked"]), (&json!(100_000), &json!(4096)));
    assert!((found["deciles"][4].as_f64().unwrap() - 49_999.5).abs() < 30.0, "{found}");
}

#[test]
fn the_digest_tells_content_shape_and_type_apart() {
    let numbers = doubles(&[1.0, 2.0, 3.0, 4.0]);
    let digest = |bytes: &[u8], typestr: &str, shape: &[usize]| describe(&view(bytes, typestr, shape)).digest;
    let plain = digest(&numbers, "<f8", &[2, 2]);
    assert_eq!(plain.len(), 8);
    assert!(plain.chars().all(|c| c.is_ascii_hexdigit()));
    assert_eq!(plain, digest(&numbers, "<f8", &[2, 2]));
    assert_ne!(plain, digest(&numbers, "<f8", &[4, 1]));
    assert_ne!(plain, digest(&numbers, "<i8", &[2, 2]));
    assert_ne!(plain, digest(&doubles(&[1.0, 2.0, 3.0, 5.0]), "<f8", &[2, 2]));
}

#[test]
fn the_digest_is_of_the_values_and_not_of_their_layout() {
    let rows = doubles(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let columns = doubles(&[1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
    let backwards = doubles(&[4.0, 5.0, 6.0, 1.0, 2.0, 3.0]);
    let plain = describe(&view(&rows, "<f8", &[2, 3]));
    let fortran = ArrayView::new(&columns, 0, "<f8", &[2, 3], Some(&[8, 16])).unwrap();
    assert_eq!(describe(&fortran), plain);
    let reversed = ArrayView::new(&backwards, 24, "<f8", &[2, 3], Some(&[-24, 8])).unwrap();
    assert_eq!(describe(&reversed), plain);
    assert_eq!(reversed.to_f64().unwrap(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
}

#[test]
fn a_large_array_is_sampled_and_says_so() {
    let mut large = vec![0u8; 5_000_000];
    let first = describe(&view(&large, "|u1", &[2_500_000, 2]));
    assert_eq!(parsed(&first.profile)["sampled"], true);
    assert_eq!(parsed(&first.profile)["features_shape"], json!([2_500_000, 2]));
    *large.last_mut().unwrap() = 7;
    assert_ne!(
        describe(&view(&large, "|u1", &[2_500_000, 2])).digest,
        first.digest,
        "the last row is looked at"
    );
    let small = describe(&view(&large[..10], "|u1", &[5, 2]));
    assert!(parsed(&small.profile).get("sampled").is_none());
}

#[test]
fn wide_and_deep_arrays_are_sampled_too() {
    let large = vec![1u8; 6_000_000];
    for shape in [&[2, 3_000_000][..], &[1, 6_000_000], &[60, 100, 100, 10], &[6_000_000], &[3_000_000, 2]] {
        let found = parsed(&describe(&view(&large, "|u1", shape)).profile);
        assert_eq!(
            (&found["sampled"], &found["features_size"]),
            (&json!(true), &json!(6_000_000)),
            "{shape:?}"
        );
    }
}

#[test]
fn text_of_the_sampled_rows_is_enough() {
    assert_eq!(sampled_rows(4, 2).collect::<Vec<_>>(), [0, 1, 2, 3]);
    let rows: Vec<usize> = sampled_rows(5_000_000, 10).collect();
    assert!(rows.len() < 200_000 && rows[0] == 0 && *rows.last().unwrap() == 4_999_999);
    assert!(rows.is_sorted());
    let text = rows.iter().map(|row| Some(row.to_string())).collect();
    let found =
        describe_table(5_000_000, &[Column { name: "id".to_owned(), values: Values::Text(text) }], true);
    assert_eq!(parsed(&found.profile)["sampled"], true);
}

#[test]
fn empty_arrays_and_single_values_are_described() {
    assert_eq!(parsed(&describe(&view(&[], "<f8", &[0, 4])).profile)["num_rows"], 0);
    assert_eq!(parsed(&describe(&view(&[], "<f8", &[4, 0])).profile)["num_elements"], 0);
    let one = doubles(&[2.5]);
    assert_eq!(view(&one, "<f8", &[]).to_f64().unwrap(), [2.5]);
    assert_eq!(parsed(&describe_table(0, &[], true).profile)["num_elements"], 0);
}

#[test]
fn numbers_are_read_in_every_width_and_order() {
    let read = |bytes: &[u8], typestr: &str| view(bytes, typestr, &[1]).to_f64().unwrap()[0];
    assert_eq!(read(&(-3i8).to_ne_bytes(), "|i1"), -3.0);
    assert_eq!(read(&(-300i16).to_be_bytes(), ">i2"), -300.0);
    assert_eq!(read(&(-70_000i32).to_le_bytes(), "<i4"), -70_000.0);
    assert_eq!(read(&200u8.to_ne_bytes(), "|u1"), 200.0);
    assert_eq!(read(&0.25f32.to_be_bytes(), ">f4"), 0.25);
    assert_eq!(read(&0x3e00u16.to_le_bytes(), "<f2"), 1.5);
    assert_eq!(read(&0x8001u16.to_le_bytes(), "<f2"), -(2f64.powi(-24)));
    assert_eq!(read(&[1], "|b1"), 1.0);
}

#[test]
fn an_array_that_leaves_its_memory_is_refused() {
    let memory = [0u8; 16];
    let wrong = |first, typestr: &str, shape: &[usize], strides: Option<&[isize]>| {
        ArrayView::new(&memory, first, typestr, shape, strides).unwrap_err().message
    };
    assert!(wrong(0, "<f8", &[3], None).contains("reaches outside its 16 bytes"));
    assert!(wrong(0, "<f8", &[2], Some(&[-8])).contains("outside"));
    assert!(wrong(8, "<f8", &[2], None).contains("outside"));
    assert!(wrong(0, "<f8", &[2, 2], Some(&[8])).contains("cannot have"));
    assert!(wrong(0, "<f8", &[usize::MAX, 2], None).contains("cannot have"));
    assert!(wrong(0, "f8", &[2], None).contains("`f8` is not a type string"));
    assert!(wrong(0, "<i3", &[2], None).contains("`<i3`"));
}

#[test]
#[allow(unsafe_code)]
fn an_address_is_as_good_as_a_slice() {
    let numbers = [1.0f64, 2.0, 3.0, 4.0];
    let last = std::ptr::from_ref(&numbers[3]).expose_provenance();
    // SAFETY: the four elements before and at the last one are `numbers`, which outlives the view.
    let reversed = unsafe { ArrayView::from_address(last, "<f8", &[4], Some(&[-8])) }.unwrap();
    assert_eq!(reversed.to_f64().unwrap(), [4.0, 3.0, 2.0, 1.0]);
    // SAFETY: an array without elements reaches nothing.
    let empty = unsafe { ArrayView::from_address(0, "<f8", &[0, 3], None) }.unwrap();
    assert_eq!(empty.size(), 0);
    // SAFETY: nothing is read at the null address: it is refused.
    assert!(unsafe { ArrayView::from_address(0, "<f8", &[1], None) }.is_err());
}

#[test]
fn what_cannot_be_looked_at_has_type_and_shape() {
    let found = trackline_capture::data::describe_unseen("bfloat16", &[8, 3]);
    let profile = parsed(&found.profile);
    assert_eq!((&profile["features_shape"], &profile["unseen"]), (&json!([8, 3]), &json!(true)));
    assert_eq!((&profile["num_rows"], &profile["num_elements"]), (&json!(8), &json!(24)));
    assert!(found.schema.contains("bfloat16"));
    assert_ne!(found.digest, trackline_capture::data::describe_unseen("bfloat16", &[3, 8]).digest);
}

#[test]
fn objects_are_counted_and_never_followed() {
    let (some, others) = ([1u8; 16], [2u8; 16]);
    assert_eq!(describe(&view(&some, "|O", &[2])).digest, describe(&view(&others, "|O", &[2])).digest);
    assert!(view(&some, "|O", &[2]).to_f64().unwrap_err().message.contains("type object"));
}

#[test]
fn labels_are_read_from_arrays() {
    let read = |values: Values<'_>| LabelValues::read(&values);
    let ints = bytes(&[3, -1], i32::to_ne_bytes);
    assert_eq!(read(Values::Array(view(&ints, "<i4", &[2]))).unwrap(), LabelValues::Ints(vec![3, -1]));
    assert_eq!(
        read(Values::Array(view(&[0, 1], "|b1", &[2]))).unwrap(),
        LabelValues::Bools(vec![false, true])
    );
    let text = bytes(&['n' as u32, 'o' as u32, 'ü' as u32, 0], u32::to_be_bytes);
    let texts = LabelValues::Texts(vec!["no".to_owned(), "ü".to_owned()]);
    assert_eq!(read(Values::Array(view(&text, ">U2", &[2]))).unwrap(), texts);
    assert!(read(Values::Text(vec![None])).unwrap_err().message.contains("missing"));
    assert!(read(Values::Masked(view(&ints, "<i4", &[2]), view(&[0, 1], "|b1", &[2]))).is_err());
    assert!(read(Values::Opaque).is_err());
}

proptest! {
    #[test]
    fn no_shape_leads_out_of_the_memory(
        first in 0usize..80,
        dimensions in prop::collection::vec((0usize..6, -20isize..20), 0..4),
        typestr in prop::sample::select(vec!["<f8", ">i2", "|u1", "<U2", "|O"]),
    ) {
        let memory = [3u8; 64];
        let (shape, strides): (Vec<usize>, Vec<isize>) = dimensions.into_iter().unzip();
        if let Ok(array) = ArrayView::new(&memory, first, typestr, &shape, Some(&strides)) {
            prop_assert_eq!(describe(&array).digest.len(), 8);
            if let Ok(numbers) = array.to_f64() {
                prop_assert_eq!(numbers.len(), shape.iter().product::<usize>());
            }
        }
    }

    #[test]
    fn any_numbers_for_shape_and_strides_are_answered(
        dimensions in prop::collection::vec((any::<usize>(), any::<isize>()), 0..4),
        given in any::<bool>(),
    ) {
        let (shape, strides): (Vec<usize>, Vec<isize>) = dimensions.into_iter().unzip();
        if let Ok(array) = ArrayView::new(&[0; 64], 8, "|u1", &shape, given.then_some(&strides)) {
            prop_assert!(array.size() <= 56 || strides.contains(&0));
        }
    }
}
