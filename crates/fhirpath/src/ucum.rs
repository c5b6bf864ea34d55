//! The units of UCUM that assessments and vital signs are measured in: reading a unit's code, converting between
//! units of one kind, and multiplying units.
//!
//! A code outside of the table is still a unit: it is equal to itself and can be converted to nothing else. The mole
//! is kept as a kind of its own, not as UCUM's plain number, so that amounts of substance only compare with each other.

use rust_decimal::Decimal;

use crate::decimal;

/// Code, whether it takes prefixes, how many of the units that follow make one, and those.
type Atom = (&'static str, bool, &'static str, &'static str);

/// An empty definition marks a base unit.
const ATOMS: &[Atom] = &[
    ("m", true, "1", ""),
    ("g", true, "1", ""),
    ("s", true, "1", ""),
    ("K", true, "1", ""),
    ("C", true, "1", ""),
    ("cd", true, "1", ""),
    ("mol", true, "1", ""),
    ("[iU]", true, "1", ""),
    ("[arb'U]", false, "1", ""),
    ("[pH]", false, "1", ""),
    ("rad", true, "1", "1"),
    ("sr", true, "1", "1"),
    ("deg", false, "0.0174532925199432957692369077", "1"),
    ("%", false, "0.01", "1"),
    ("[ppth]", false, "0.001", "1"),
    ("[ppm]", false, "0.000001", "1"),
    ("[ppb]", false, "0.000000001", "1"),
    ("10*", false, "10", "1"),
    ("10^", false, "10", "1"),
    ("[pi]", false, "3.1415926535897932384626433833", "1"),
    ("min", false, "60", "s"),
    ("h", false, "3600", "s"),
    ("d", false, "86400", "s"),
    ("wk", false, "604800", "s"),
    ("mo", false, "2629800", "s"),
    ("a", false, "31557600", "s"),
    ("Hz", true, "1", "s-1"),
    ("L", true, "0.001", "m3"),
    ("l", true, "0.001", "m3"),
    ("t", true, "1000000", "g"),
    ("N", true, "1000", "g.m/s2"),
    ("Pa", true, "1000", "g/m/s2"),
    ("bar", true, "100000000", "g/m/s2"),
    ("atm", false, "101325000", "g/m/s2"),
    ("m[Hg]", true, "133322000", "g/m/s2"),
    ("m[H2O]", true, "9806650", "g/m/s2"),
    ("[psi]", false, "6894757.2931683613", "g/m/s2"),
    ("J", true, "1000", "g.m2/s2"),
    ("cal", true, "4184", "g.m2/s2"),
    ("[Cal]", false, "4184000", "g.m2/s2"),
    ("W", true, "1000", "g.m2/s3"),
    ("A", true, "1", "C/s"),
    ("V", true, "1000", "g.m2/s2/C"),
    ("eq", true, "1", "mol"),
    ("osm", true, "1", "mol"),
    ("kat", true, "1", "mol/s"),
    ("U", true, "0.000001", "mol/min"),
    ("[IU]", true, "1", "[iU]"),
    ("[in_i]", false, "0.0254", "m"),
    ("[ft_i]", false, "0.3048", "m"),
    ("[yd_i]", false, "0.9144", "m"),
    ("[mi_i]", false, "1609.344", "m"),
    ("[lb_av]", false, "453.59237", "g"),
    ("[oz_av]", false, "28.349523125", "g"),
    ("[stone_av]", false, "6350.29318", "g"),
    ("[gr]", false, "0.06479891", "g"),
    ("[gal_us]", false, "0.003785411784", "m3"),
    ("[pt_us]", false, "0.000473176473", "m3"),
    ("[cup_us]", false, "0.0002365882365", "m3"),
    ("[foz_us]", false, "0.0000295735295625", "m3"),
    ("[tbs_us]", false, "0.00001478676478125", "m3"),
    ("[tsp_us]", false, "0.00000492892159375", "m3"),
];

const PREFIXES: &[(&str, &str)] = &[
    ("da", "10"),
    ("T", "1000000000000"),
    ("G", "1000000000"),
    ("M", "1000000"),
    ("k", "1000"),
    ("h", "100"),
    ("d", "0.1"),
    ("c", "0.01"),
    ("m", "0.001"),
    ("u", "0.000001"),
    ("n", "0.000000001"),
    ("p", "0.000000000001"),
    ("f", "0.000000000000001"),
];

/// Factors of a unit as written: each unit with its power, and a plain number.
struct Terms<'u> {
    number: Decimal,
    units: Vec<(&'u str, i32)>,
}

/// A unit in base units: how many of them, as a fraction, and which powers.
struct Base {
    numerator: Decimal,
    denominator: Decimal,
    dimensions: Vec<(&'static str, i32)>,
}

/// The longest unit that is read; real ones have a dozen characters.
const MAX_LENGTH: usize = 64;
const MAX_POWER: i32 = 30;

/// The value in the unit `to`, where both units are of one kind.
pub(crate) fn convert(value: Decimal, from: &str, to: &str) -> Option<Decimal> {
    if from == to {
        return Some(value);
    }
    if let (Some(kelvin), true) = (to_kelvin(value, from), is_temperature(to)) {
        return from_kelvin(kelvin, to);
    }
    let (from, to) = (base(&terms(from)?)?, base(&terms(to)?)?);
    let same = |dimension| to.dimensions.contains(dimension);
    if from.dimensions.len() != to.dimensions.len() || !from.dimensions.iter().all(same) {
        return None;
    }
    let numerator = decimal::multiply(from.numerator, to.denominator)?;
    let denominator = decimal::multiply(from.denominator, to.numerator)?;
    Some(decimal::scaled(value, numerator, denominator)?.normalize())
}

/// The product of two units (`exponent` 1) or their quotient (-1), and the number that both being of one kind leaves.
pub(crate) fn multiply(left: &str, right: &str, exponent: i32) -> Option<(String, Decimal)> {
    if is_special(left) || is_special(right) {
        return None;
    }
    let (mut product, right) = (terms(left)?, terms(right)?);
    let mut factor = Decimal::ONE;
    if right.number != Decimal::ONE {
        factor = scaled(factor, right.number, exponent)?;
    }
    factor = decimal::multiply(factor, product.number)?;
    for (unit, power) in right.units {
        let power = power * exponent;
        let mut same = None;
        for (index, (known, _)) in product.units.iter().enumerate() {
            if let Some(ratio) = convert(Decimal::ONE, unit, known) {
                same = Some((index, ratio));
                break;
            }
        }
        match same {
            Some((index, ratio)) => {
                factor = scaled(factor, ratio, power)?;
                product.units[index].1 += power;
            }
            None => product.units.push((unit, power)),
        }
    }
    Some((write(&product.units), factor))
}

fn write(units: &[(&str, i32)]) -> String {
    let mut text = String::new();
    let mut each = |(unit, power): &(&str, i32)| {
        if *power < 0 {
            text.push('/');
        } else if !text.is_empty() {
            text.push('.');
        }
        text.push_str(unit);
        if power.abs() != 1 {
            text.push_str(&power.abs().to_string());
        }
    };
    units.iter().filter(|(_, power)| *power > 0).for_each(&mut each);
    units.iter().filter(|(_, power)| *power < 0).for_each(&mut each);
    if text.is_empty() { "1".to_owned() } else { text }
}

fn is_special(unit: &str) -> bool {
    matches!(unit, "Cel" | "[degF]")
}

fn is_temperature(unit: &str) -> bool {
    unit == "K" || is_special(unit)
}

/// What 0 °C and 0 °F are on the absolute scale, in hundredths of their own degrees.
const ICE: i64 = 27315;
const ZERO_FAHRENHEIT: i64 = 45967;

fn to_kelvin(value: Decimal, unit: &str) -> Option<Decimal> {
    match unit {
        "K" => Some(value),
        "Cel" => decimal::add(value, Decimal::new(ICE, 2)),
        "[degF]" => {
            let rankine = decimal::add(value, Decimal::new(ZERO_FAHRENHEIT, 2))?;
            decimal::scaled(rankine, Decimal::from(5), Decimal::from(9))
        }
        _ => None,
    }
}

fn from_kelvin(kelvin: Decimal, unit: &str) -> Option<Decimal> {
    let value = match unit {
        "Cel" => decimal::subtract(kelvin, Decimal::new(ICE, 2))?,
        "[degF]" => {
            let rankine = decimal::scaled(kelvin, Decimal::from(9), Decimal::from(5))?;
            decimal::subtract(rankine, Decimal::new(ZERO_FAHRENHEIT, 2))?
        }
        _ => kelvin,
    };
    // Ninths do not end; twenty digits are more than any thermometer has.
    Some(decimal::round(value, 20).normalize())
}

/// Reads `kg/m2`, `10*3/uL`, `mL/min/{1.73_m2}` or `/min`.
fn terms(text: &str) -> Option<Terms<'_>> {
    let mut terms = Terms {
        number: Decimal::ONE,
        units: Vec::new(),
    };
    if text.is_empty() || text.len() > MAX_LENGTH || text.contains(['(', ')']) {
        return None;
    }
    let mut sign = 1;
    let mut rest = text;
    if let Some(after) = rest.strip_prefix('/') {
        (sign, rest) = (-1, after);
    }
    loop {
        let end = component_end(rest);
        add_component(&mut terms, &rest[..end], sign)?;
        let Some(operator) = rest[end..].chars().next() else {
            return Some(terms);
        };
        sign = if operator == '/' { -1 } else { 1 };
        rest = &rest[end + 1..];
    }
}

/// Where the component ends: at a `.` or `/` outside of brackets and annotations.
fn component_end(text: &str) -> usize {
    let mut inside = 0_u32;
    for (at, c) in text.char_indices() {
        match c {
            '[' | '{' => inside += 1,
            ']' | '}' => inside = inside.saturating_sub(1),
            '.' | '/' if inside == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

fn add_component<'u>(terms: &mut Terms<'u>, component: &'u str, sign: i32) -> Option<()> {
    let unit = match component.find('{') {
        Some(annotation) if component.ends_with('}') => &component[..annotation],
        Some(_) => return None,
        None => component,
    };
    if unit.is_empty() {
        // An annotation alone, such as `{score}`, is a plain number.
        return (!component.is_empty()).then_some(());
    }
    if unit.bytes().all(|byte| byte.is_ascii_digit()) {
        terms.number = scaled(terms.number, decimal::parse(unit)?, sign)?;
        return Some(());
    }
    let digits = unit.len() - unit.bytes().rev().take_while(u8::is_ascii_digit).count();
    let negative = unit[..digits].ends_with('-') as usize;
    let (name, power) = match digits < unit.len() {
        true => (
            &unit[..digits - negative],
            i32::try_from(decimal::parse_integer(&unit[digits - negative..])?).ok()?,
        ),
        false => (unit, 1),
    };
    atom(name)?;
    (power.abs() <= MAX_POWER).then(|| terms.units.push((name, power * sign)))
}

/// The atom of this code, and the factor of its prefix.
fn atom(code: &str) -> Option<(&'static Atom, Decimal)> {
    let find = |code: &str| ATOMS.iter().find(|atom| atom.0 == code);
    if let Some(atom) = find(code) {
        return Some((atom, Decimal::ONE));
    }
    PREFIXES.iter().find_map(|(prefix, factor)| {
        let atom = find(code.strip_prefix(prefix)?).filter(|atom| atom.1)?;
        Some((atom, decimal::parse(factor)?))
    })
}

fn base(terms: &Terms<'_>) -> Option<Base> {
    let mut result = Base {
        numerator: terms.number,
        denominator: Decimal::ONE,
        dimensions: Vec::new(),
    };
    for (unit, power) in &terms.units {
        add_base(&mut result, unit, *power)?;
    }
    result.dimensions.retain(|(_, power)| *power != 0);
    Some(result)
}

fn add_base(result: &mut Base, unit: &str, power: i32) -> Option<()> {
    let (&(code, _, number, definition), prefix) = atom(unit)?;
    let side = if power < 0 {
        &mut result.denominator
    } else {
        &mut result.numerator
    };
    *side = scaled(
        *side,
        decimal::multiply(prefix, decimal::parse(number)?)?,
        power.abs(),
    )?;
    if definition.is_empty() {
        match result.dimensions.iter_mut().find(|(known, _)| *known == code) {
            Some((_, known)) => *known += power,
            None => result.dimensions.push((code, power)),
        }
        return Some(());
    }
    // Definitions are in base units, or in units whose definitions are: two levels at most.
    for (unit, inner) in terms(definition)?.units {
        add_base(result, unit, inner * power)?;
    }
    Some(())
}

/// `value` times `factor` to this power.
fn scaled(value: Decimal, factor: Decimal, power: i32) -> Option<Decimal> {
    let scale = decimal::whole_power(factor, power.unsigned_abs())?;
    if power < 0 {
        decimal::divide(value, scale)
    } else {
        decimal::multiply(value, scale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(value: &str, from: &str, to: &str) -> Option<String> {
        convert(decimal::parse(value).unwrap(), from, to).map(|value| value.to_string())
    }

    #[test]
    fn units_of_one_kind_convert_exactly() {
        let table = [
            ("4", "g", "mg", "4000"),
            ("1", "[in_i]", "cm", "2.54"),
            ("100", "[lb_av]", "kg", "45.359237"),
            ("120", "mm[Hg]", "kPa", "15.99864"),
            ("5", "mmol/L", "umol/mL", "5"),
            ("1", "10*3/uL", "10*9/L", "1"),
            ("1", "/min", "/h", "60"),
            ("30", "kg/m2", "g/cm2", "3"),
            ("90", "mL/min/{1.73_m2}", "L/h/{1.73_m2}", "5.4"),
            ("1", "U/L", "kat/m3", "0.0000166666666666666666666667"),
            ("50", "%", "1", "0.5"),
            ("98.6", "[degF]", "Cel", "37"),
            ("0", "K", "Cel", "-273.15"),
            ("1", "a", "d", "365.25"),
            ("2", "{score}", "1", "2"),
        ];
        for (value, from, to, expected) in table {
            assert_eq!(
                converted(value, from, to).as_deref(),
                Some(expected),
                "{value} {from} in {to}"
            );
        }
    }

    #[test]
    fn units_of_different_kinds_and_unknown_codes_do_not_convert() {
        for (from, to) in [
            ("cm", "s"),
            ("cm2", "cm"),
            ("mmol/L", "mg/dL"),
            ("in", "cm"),
            ("", "m"),
            ("m/", "m"),
            ("m9999", "m"),
            ("m)", "m"),
        ] {
            assert_eq!(converted("1", from, to), None, "{from} in {to}");
        }
    }

    #[test]
    fn every_definition_ends_in_base_units() {
        for (code, ..) in ATOMS {
            let base = base(&terms(code).unwrap());
            assert!(
                base.is_some_and(|base| base.numerator > Decimal::ZERO && base.denominator > Decimal::ZERO),
                "{code}"
            );
        }
    }
}
