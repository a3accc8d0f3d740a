use proptest::collection::vec;
use proptest::prelude::*;
use trackline_model::filter::{self, Attribute, DatasetField, Expr, Field, Filter, FilterError, Op, Value};

fn is_numeric(field: &Field) -> bool {
    match field {
        Field::Metric(_) => true,
        Field::Attribute(attribute) => attribute.is_numeric(),
        _ => false,
    }
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z_]{1,8}",
        "\\PC{1,12}",
        any::<String>().prop_filter("keys have text", |key| !key.is_empty())
    ]
}

fn run_field() -> impl Strategy<Value = Field> {
    let attributes = [
        Attribute::RunId,
        Attribute::RunName,
        Attribute::Status,
        Attribute::ArtifactUri,
        Attribute::UserId,
        Attribute::StartTime,
        Attribute::EndTime,
    ];
    let datasets = [DatasetField::Name, DatasetField::Digest, DatasetField::Context];
    prop_oneof![
        key().prop_map(Field::Metric),
        key().prop_map(Field::Param),
        key().prop_map(Field::Tag),
        proptest::sample::select(attributes.to_vec()).prop_map(Field::Attribute),
        proptest::sample::select(datasets.to_vec()).prop_map(Field::Dataset),
    ]
}

/// Any comparison that the rules of runs allow.
fn compare() -> impl Strategy<Value = Expr> {
    run_field().prop_flat_map(|field| {
        let (ops, value) = if is_numeric(&field) {
            let ops = vec![Op::Eq, Op::Ne, Op::Gt, Op::Ge, Op::Lt, Op::Le];
            let number = any::<f64>().prop_filter("filters hold finite numbers", |n| n.is_finite());
            (ops, number.prop_map(Value::Number).boxed())
        } else {
            let ops = vec![Op::Eq, Op::Ne, Op::Like, Op::ILike];
            (ops, any::<String>().prop_map(Value::Text).boxed())
        };
        let plain = (Just(field.clone()), proptest::sample::select(ops), value);
        let special = match field {
            Field::Dataset(_) | Field::Attribute(Attribute::RunId) => {
                let list = vec(any::<String>(), 1..4).prop_map(Value::List).boxed();
                Some((vec![Op::In, Op::NotIn], list))
            }
            Field::Param(_) | Field::Tag(_) => {
                Some((vec![Op::IsNull, Op::IsNotNull], Just(Value::Null).boxed()))
            }
            _ => None,
        };
        match special {
            Some((ops, value)) => {
                prop_oneof![plain, (Just(field), proptest::sample::select(ops), value)].boxed()
            }
            None => plain.boxed(),
        }
        .prop_map(|(field, op, value)| Expr::Compare { field, op, value })
    })
}

fn joined(parts: Vec<Expr>, and: bool) -> Expr {
    let flat = parts.into_iter().flat_map(|part| match part {
        Expr::And(inner) if and => inner,
        Expr::Or(inner) if !and => inner,
        part => vec![part],
    });
    if and { Expr::And(flat.collect()) } else { Expr::Or(flat.collect()) }
}

fn expr() -> impl Strategy<Value = Expr> {
    compare().prop_recursive(5, 24, 4, |inner| {
        prop_oneof![
            (vec(inner.clone(), 2..4), any::<bool>()).prop_map(|(parts, and)| joined(parts, and)),
            inner.prop_map(|expr| Expr::Not(Box::new(expr))),
        ]
    })
}

/// Text made mostly of what filters are made of, so that errors occur deep inside.
fn filter_like() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        proptest::sample::select(vec![
            "metrics.",
            "params.",
            "tags.",
            "run_id",
            "status",
            "dataset.name",
            "`",
            "'",
            "\"",
            "(",
            ")",
            ",",
            ";",
            "=",
            "!=",
            ">",
            "AND",
            "OR",
            "NOT",
            "IN",
            "LIKE",
            "IS",
            "NULL",
            "0.5",
            "-",
            "1e999",
            " ",
            "\n",
            "é",
            "名",
            "🙂",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,3}",
    ];
    vec((part, prop_oneof![Just(""), Just(" ")]), 0..24)
        .prop_map(|parts| parts.into_iter().map(|(part, space)| part + space).collect())
}

fn check_error(text: &str, result: Result<Filter, FilterError>) -> Result<(), TestCaseError> {
    match result {
        Ok(filter) => {
            let printed = filter.to_string();
            prop_assert_eq!(Ok(filter), filter::parse_runs(&printed), "{}", printed);
        }
        Err(error) => {
            prop_assert_eq!(&error.text, text);
            prop_assert!(text.get(error.at.clone()).is_some(), "{:?} of {:?}", error.at, text);
            prop_assert!(!error.to_string().is_empty());
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn what_is_printed_parses_back(expr in expr()) {
        let filter = Filter { expr: Some(expr) };
        let printed = filter.to_string();
        match filter::parse_runs(&printed) {
            Ok(parsed) => prop_assert_eq!(parsed, filter),
            Err(error) => prop_assert!(false, "{error}"),
        }
    }

    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        check_error(&text, filter::parse_runs(&text))?;
    }

    #[test]
    fn errors_lie_inside_the_filter(text in filter_like()) {
        check_error(&text, filter::parse_runs(&text))?;
    }
}
