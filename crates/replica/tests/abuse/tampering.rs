//! Rows that were not left as they were written: turned bits, other people's rows, other tablets' rows, parameters from hell.
//! None opens, none is rewritten offline, and none makes the tablet work for hours.

use base64ct::{Base64, Encoding as _};
use replica::{Batch, Message, SignIn, Store as _, Table, Trouble, Write};
use serde_json::{Value, json};

use crate::support::steps::{PASSWORD, begin_one, enrolled, lay, opens, refused, sign_in, sign_in_as};
use crate::support::{KEY, NEW_KEY, OTHER, Tablet, World, granted, now, verdict};

fn row_of(world: &World, login: &str) -> Value {
    serde_json::from_slice(&world.account_row(login).unwrap()).unwrap()
}

/// Lays the row and signs in with every password in question: S1 or S3, and the row stays as it was laid.
fn never_opens(world: &World, tablet: &Tablet, row: &Value, what: &str) -> (Message, Option<Trouble>) {
    let bytes = row.to_string().into_bytes();
    lay(world, "field1", &bytes);
    let mut last = None;
    for typed in ["another-password", PASSWORD] {
        let (message, unreached, _, trouble) = refused(sign_in(tablet, typed));
        assert!(unreached, "{what}");
        assert!(
            matches!(message, Message::Incorrect | Message::CriticalError),
            "{what}: {message:?}"
        );
        assert_eq!(
            world.account_row("field1").as_ref(),
            Some(&bytes),
            "{what}: rewritten offline"
        );
        last = Some((message, trouble));
    }
    last.unwrap()
}

#[test]
fn each_bit_of_a_stored_slot_turned_opens_nothing() {
    let (world, tablet) = enrolled();
    let whole = row_of(&world, "field1");
    let mut turned = 0;
    for field in ["dk_id", "salt", "verifier", "iv", "ciphertext"] {
        let bytes = Base64::decode_vec(whole["slot"][field].as_str().unwrap()).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut bytes = bytes.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let mut row = whole.clone();
            row["slot"][field] = Base64::encode_string(&bytes).into();
            never_opens(&world, &tablet, &row, &format!("bit {bit} of {field}"));
            turned += 1;
        }
    }
    for (field, bits) in [("epoch", 32), ("alg", 8), ("m_kib", 32), ("t", 32), ("p", 8)] {
        for bit in 0..bits {
            let mut row = whole.clone();
            row["slot"][field] = (row["slot"][field].as_u64().unwrap() ^ (1 << bit)).into();
            never_opens(&world, &tablet, &row, &format!("bit {bit} of {field}"));
            turned += 1;
        }
    }
    assert_eq!(turned, (16 + 16 + 32 + 12 + 48) * 8 + 112);
    lay(&world, "field1", whole.to_string().as_bytes());
    opens(sign_in(&tablet, PASSWORD));
}

#[test]
fn the_slots_epoch_and_key_turned_together_with_the_rows_open_nothing_either() {
    let (world, tablet) = enrolled();
    let whole = row_of(&world, "field1");
    let mut row = whole.clone();
    row["epoch"] = 2.into();
    row["slot"]["epoch"] = 2.into();
    assert_eq!(
        never_opens(&world, &tablet, &row, "epoch"),
        (Message::CriticalError, Some(Trouble::DamagedKey))
    );
    let mut row = whole.clone();
    row["dk_id"] = json!(NEW_KEY);
    row["slot"]["dk_id"] = Base64::encode_string(NEW_KEY.as_bytes()).into();
    assert_eq!(
        never_opens(&world, &tablet, &row, "key"),
        (Message::CriticalError, Some(Trouble::DamagedKey))
    );
    let mut row = whole;
    row["user_id"] = json!(OTHER);
    assert_eq!(never_opens(&world, &tablet, &row, "user").0, Message::Incorrect);
}

#[test]
fn parameters_from_hell_are_never_derived() {
    let (world, tablet) = enrolled();
    let whole = row_of(&world, "field1");
    for (field, value) in [
        ("m_kib", json!(4_194_304)),
        ("m_kib", json!(8)),
        ("m_kib", json!(131_073)),
        ("m_kib", json!(19_455)),
        ("t", json!(0)),
        ("t", json!(1)),
        ("t", json!(11)),
        ("t", json!(4_294_967_295_u32)),
        ("p", json!(0)),
        ("p", json!(2)),
        ("p", json!(255)),
        ("m_kib", json!(-1)),
        ("m_kib", json!(4_294_967_296_u64)),
        ("t", json!("3")),
    ] {
        let mut row = whole.clone();
        row["slot"][field] = value.clone();
        world.bench.derivations.borrow_mut().clear();
        let said = never_opens(&world, &tablet, &row, field);
        assert_eq!(
            said,
            (Message::CriticalError, Some(Trouble::DamagedAccount)),
            "{field} = {value}"
        );
        assert!(world.bench.derivations.borrow().is_empty(), "{field} = {value}");
    }
}

#[test]
fn a_wrapped_key_of_another_length_is_a_damaged_row() {
    let (world, tablet) = enrolled();
    let whole = row_of(&world, "field1");
    for length in [0, 16, 47, 49, 1_000_000] {
        let mut row = whole.clone();
        row["slot"]["ciphertext"] = Base64::encode_string(&vec![7; length]).into();
        let said = never_opens(&world, &tablet, &row, "ciphertext");
        assert_eq!(
            said,
            (Message::CriticalError, Some(Trouble::DamagedAccount)),
            "{length} bytes"
        );
    }
}

#[test]
fn unknown_missing_extra_and_mistyped_fields_leave_the_row_as_it_is() {
    let (world, tablet) = enrolled();
    let whole = row_of(&world, "field1");
    let mut rows = Vec::new();
    for (place, fields) in [("", whole.as_object()), ("slot", whole["slot"].as_object())] {
        for field in fields.unwrap().keys() {
            for value in [
                None,
                Some(json!([])),
                Some(json!({})),
                Some(json!("?")),
                Some(json!(1.5)),
            ] {
                let mut row = whole.clone();
                let holder = if place.is_empty() {
                    &mut row
                } else {
                    &mut row[place]
                };
                match &value {
                    None => drop(holder.as_object_mut().unwrap().remove(field)),
                    Some(value) => holder[field.as_str()] = value.clone(),
                }
                // A list of no kept keys is what is there.
                if row != whole {
                    rows.push((format!("{place} {field}: {value:?}"), row));
                }
            }
        }
    }
    for place in ["", "slot"] {
        let mut row = whole.clone();
        let holder = if place.is_empty() {
            &mut row
        } else {
            &mut row[place]
        };
        holder["more"] = 1.into();
        rows.push((format!("more in {place:?}"), row));
    }
    let mut row = whole.clone();
    row["version"] = 2.into();
    rows.push(("another version".into(), row));
    for (what, row) in &rows {
        // Without a slot there is nothing to open, and no damage either.
        let without = row["slot"].is_null();
        let (message, _) = never_opens(&world, &tablet, row, what);
        assert!(
            without || message == Message::CriticalError,
            "{what}: {message:?}"
        );
    }
    assert!(rows.len() > 70, "{}", rows.len());
}

/// field2 has signed in on the same tablet.
fn with_field2(world: &World, tablet: &Tablet) {
    let mut other = granted(1, false, NEW_KEY);
    (other["user_id"], other["login"]) = (json!(OTHER), "field2".into());
    world.main_app.will(verdict(other));
    opens(sign_in_as(tablet, "field2", "password-of-field2"));
    tablet.lock();
}

#[test]
fn the_row_of_one_user_given_to_another_opens_nothing_of_the_others() {
    let (world, tablet) = enrolled();
    opens(sign_in(&tablet, PASSWORD));
    begin_one(&tablet);
    tablet.lock();
    with_field2(&world, &tablet);
    // field2's row where field1's was: field2 gets in with their own password, as field2, and sees nothing of field1's.
    lay(&world, "field1", &world.account_row("field2").unwrap());
    assert_eq!(refused(sign_in(&tablet, PASSWORD)).0, Message::Incorrect);
    let info = opens(sign_in(&tablet, "password-of-field2"));
    assert_eq!(info.user_id, OTHER);
    assert!(now(tablet.documents()).unwrap().documents.is_empty());
}

#[test]
fn a_slot_laid_over_another_users_opens_for_neither() {
    let (world, tablet) = enrolled();
    with_field2(&world, &tablet);
    let (mine, theirs) = (row_of(&world, "field1"), row_of(&world, "field2"));
    for names_its_key in [false, true] {
        let mut row = mine.clone();
        row["slot"] = theirs["slot"].clone();
        if names_its_key {
            row["dk_id"] = theirs["dk_id"].clone();
        }
        lay(&world, "field1", row.to_string().as_bytes());
        for typed in [PASSWORD, "password-of-field2"] {
            assert!(matches!(sign_in(&tablet, typed), SignIn::No { .. }), "{typed}");
        }
    }
}

#[test]
fn rows_moved_into_another_tablets_database_open_nothing() {
    let (world, tablet) = enrolled();
    opens(sign_in(&tablet, PASSWORD));
    begin_one(&tablet);
    let other_world = World::default();
    let other_tablet = other_world.tablet();
    let moved = world
        .disk
        .memory
        .dump()
        .into_iter()
        .filter(|(table, ..)| *table != Table::Meta);
    let writes = moved
        .map(|(table, key, value)| Write::put(table, key, value))
        .collect();
    now(other_world.disk.memory.commit(Batch::of(writes))).unwrap();
    assert_eq!(refused(sign_in(&other_tablet, PASSWORD)).0, Message::Incorrect);
    // Even with a session of the same user there, the records of the first tablet do not open.
    other_world.main_app.will(verdict(granted(1, false, KEY)));
    opens(sign_in(&other_tablet, PASSWORD));
    let shelf = now(other_tablet.documents()).unwrap();
    assert_eq!((shelf.documents.len(), shelf.damaged.len()), (0, 1));
}
