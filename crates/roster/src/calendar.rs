//! Dates and times as people read them, in UTC.

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// `2026-11-23`.
pub fn iso_date(ms: i64) -> String {
    let (year, month, day) = civil(ms.div_euclid(DAY_MS));
    format!("{year:04}-{month:02}-{day:02}")
}

/// The first moment of a day, in UTC, of the years 1900 to 2999. `None`: it is no day, or not written so.
pub fn from_iso_date(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || !text.is_ascii() {
        return None;
    }
    let (year, month, day): (i64, i64, i64) = (
        text.get(..4)?.parse().ok()?,
        text.get(5..7)?.parse().ok()?,
        text.get(8..)?.parse().ok()?,
    );
    if !(1900..=2999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // The inverse of `civil`.
    let shifted_year = year - i64::from(month <= 2);
    let cycle = shifted_year.div_euclid(400);
    let year_of_cycle = shifted_year.rem_euclid(400);
    let from_march = (month + 9) % 12;
    let day_of_year = (153 * from_march + 2) / 5 + day - 1;
    let days = cycle * 146_097 + year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year
        - 719_468;
    // 30 February has become a day of March, and a sign that is no hyphen another text.
    (iso_date(days * DAY_MS) == text).then_some(days * DAY_MS)
}

/// `23 Nov 2026, 14:02 UTC`.
pub fn date_and_time(ms: i64) -> String {
    let (year, _, _) = civil(ms.div_euclid(DAY_MS));
    let minutes = ms.rem_euclid(DAY_MS) / 60_000;
    format!(
        "{} {year}, {:02}:{:02} UTC",
        day_and_month(ms),
        minutes / 60,
        minutes % 60
    )
}

/// `23 Nov`.
pub fn day_and_month(ms: i64) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let (_, month, day) = civil(ms.div_euclid(DAY_MS));
    let name = usize::try_from(month - 1)
        .ok()
        .and_then(|index| MONTHS.get(index))
        .unwrap_or(&"");
    format!("{day} {name}")
}

/// Year, month and day of a day counted from 1970-01-01, in the proleptic Gregorian calendar.
fn civil(days: i64) -> (i64, i64, i64) {
    // Years are counted from March, in cycles of 400 years of 146,097 days, so that the leap day comes last.
    let shifted = days + 719_468;
    let cycle = shifted.div_euclid(146_097);
    let day_of_cycle = shifted.rem_euclid(146_097);
    let year_of_cycle =
        (day_of_cycle - day_of_cycle / 1_460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
    let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = year_of_cycle + cycle * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_that_calendars_get_wrong() {
        for (ms, date) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (951_782_400_000, "2000-02-29"),
            (951_868_800_000, "2000-03-01"),
            (4_107_456_000_000, "2100-02-28"),
            (4_107_542_400_000, "2100-03-01"),
            (1_795_478_399_999, "2026-11-23"),
        ] {
            assert_eq!(iso_date(ms), date, "{ms}");
            assert_eq!(from_iso_date(date), Some(ms - ms.rem_euclid(DAY_MS)), "{date}");
        }
        for none in [
            "",
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "23.11.2026",
            "2026/11/23",
            "+026-11-23",
        ] {
            assert_eq!(from_iso_date(none), None, "{none}");
        }
        assert_eq!(date_and_time(1_795_442_520_000), "23 Nov 2026, 14:02 UTC");
        assert_eq!(date_and_time(1_767_225_600_000), "1 Jan 2026, 00:00 UTC");
    }
}
