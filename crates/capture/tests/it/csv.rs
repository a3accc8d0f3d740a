use trackline_capture::csv::{self, Cell};

fn column(name: &str, cells: Vec<Cell>) -> (String, Vec<Cell>) {
    (name.to_owned(), cells)
}

#[test]
fn a_table_has_a_header_and_a_line_per_row() {
    let table = [
        column("mean_test_score", vec![Cell::Float(0.95), Cell::Float(1.0)]),
        column("rank_test_score", vec![Cell::Int(2), Cell::Int(1)]),
        column("param_warm_start", vec![Cell::Bool(true), Cell::Bool(false)]),
    ];
    let expected = "mean_test_score,rank_test_score,param_warm_start\n0.95,2,True\n1.0,1,False\n";
    assert_eq!(csv::write(&table), expected);
}

#[test]
fn fields_that_could_be_misread_are_quoted() {
    let texts =
        ["{'a': 1, 'b': 2}", "says \"no\"", "two\nlines", "plain"].map(|text| Cell::Text(text.to_owned()));
    let text = csv::write(&[column("a,b", texts.to_vec())]);
    assert_eq!(text, "\"a,b\"\n\"{'a': 1, 'b': 2}\"\n\"says \"\"no\"\"\"\n\"two\nlines\"\nplain\n");
}

#[test]
fn what_is_no_number_stays_apart_from_numbers() {
    let cells = vec![Cell::Float(f64::NAN), Cell::Null, Cell::Float(f64::NEG_INFINITY), Cell::Float(1e-7)];
    assert_eq!(
        csv::write(&[column("x", cells), column("y", vec![Cell::Int(1)])]),
        "x,y\n,1\n,\n-inf,\n1e-7,\n"
    );
}

#[test]
fn no_columns_are_an_empty_line() {
    assert_eq!(csv::write(&[]), "\n");
}
