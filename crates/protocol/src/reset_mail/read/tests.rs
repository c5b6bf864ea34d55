use super::*;

fn own() -> ResetMail {
    ResetMail {
        full_name: "Testcase O'Amber-Birch".into(),
        agency: "Sample Home Care & Co: North".into(),
        branch: "Exampletown, 2nd floor".into(),
        phone: "(555) 010-0199 ext. 12".into(),
        for_someone_else: false,
    }
}

fn for_another() -> ResetMail {
    ResetMail {
        for_someone_else: true,
        ..own()
    }
}

/// Breaks lines at spaces, as mail programs do, and puts a mark before each.
fn wrapped(text: &str, columns: usize, mark: &str) -> String {
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut current = String::new();
        for word in line.split(' ') {
            let is_full = mark.len() + current.len() + 1 + word.len() > columns;
            if is_full && !current.is_empty() {
                lines.push(format!("{mark}{current}"));
                current.clear();
            } else if !current.is_empty() {
                current.push(' ');
            }
            current.push_str(word);
        }
        lines.push(format!("{mark}{current}"));
    }
    lines.join("\r\n")
}

#[test]
fn what_is_composed_is_read_again() {
    let long = ResetMail {
        full_name: "Testcase ".repeat(8).trim().to_owned(),
        agency:
            "The Association of Sample Home Care and Placeholder Visiting Nurses of Exampletown and Around"
                .into(),
        branch: "Northern Placeholder Lane, second entrance behind the sample bakery, first floor".into(),
        ..for_another()
    };
    let without_branch = ResetMail {
        branch: String::new(),
        ..own()
    };
    for mail in [own(), for_another(), long, without_branch] {
        let text = mail.text();
        for (columns, mark) in [(usize::MAX, ""), (78, ""), (72, "> "), (76, "> > > "), (60, "")] {
            let read = read(&wrapped(&text, columns, mark));
            assert_eq!(read.mail, mail, "{columns} {mark:?}");
            assert!(!read.has_several);
        }
    }
}

#[test]
fn an_e_mail_that_lost_its_lines_is_read() {
    for mail in [own(), for_another()] {
        let flat = mail.text().split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(read(&flat).mail, mail);
    }
}

#[test]
fn a_forwarded_e_mail_with_headers_and_signatures_is_read() {
    let text = format!(
        "From: Test Supervisor One <supervisor1@example.org>\r\nTo: helpdesk@example.org\r\nSubject: Fwd: Password reset\r\n\r\n\
         Can you help her today?\r\n\r\n-- \r\nTest Supervisor One\r\nPhone: 555-010-0100\r\n\r\n\
         ---------- Forwarded message ---------\r\n> From: \"Testcase Amber\" <amber@example.org>\r\n> Date: Mon, 23 Nov 2026\r\n\
         > To: <supervisor1@example.org>\r\n>\r\n{}\r\n> Sent from my tablet\r\n",
        wrapped(&own().text(), 72, "> ")
    );
    let read = read(&text);
    assert_eq!(read.mail, own());
    assert_eq!(read.sender, "amber@example.org");
}

#[test]
fn an_answered_e_mail_is_read() {
    let text = format!(
        "Will do.\n\nOn Mon, 23 Nov 2026 at 14:02, Testcase Amber <amber@example.org> wrote:\n\n{}",
        wrapped(&own().text(), 72, "> ")
    );
    let read = read(&text);
    assert_eq!((read.mail, read.sender.as_str()), (own(), "amber@example.org"));
}

#[test]
fn bold_labels_curly_apostrophes_and_invisible_marks_are_no_hindrance() {
    let text = "\u{feff}*Full name:* Testcase Amber\n*Agency:*\u{a0}Sample Home Care\n\
                The user\u{2019}s own phone with area code: \u{202a}(555) 010-0199\u{202c}";
    let ResetMail {
        full_name,
        agency,
        phone,
        for_someone_else,
        ..
    } = read(text).mail;
    assert_eq!(
        (
            full_name.as_str(),
            agency.as_str(),
            phone.as_str(),
            for_someone_else
        ),
        ("Testcase Amber", "Sample Home Care", "(555) 010-0199", true)
    );
}

#[test]
fn an_e_mail_that_was_written_by_hand_is_read_as_far_as_it_goes() {
    let text = "Hello,\nI forgot my password.\nName : Testcase Amber\nAgency:\nSample Home Care\nPhone number: 555 010 0199\nThanks!";
    let mail = read(text).mail;
    assert_eq!(mail.full_name, "Testcase Amber");
    assert_eq!(mail.agency, "Sample Home Care");
    assert_eq!(mail.branch, "");
    assert_eq!(mail.phone, "555 010 0199");
}

#[test]
fn what_is_missing_is_empty() {
    for text in [
        "",
        "\n\n",
        "Please help me!",
        "Full name:\nAgency:\n\nPhone with area code:",
    ] {
        assert_eq!(read(text), ReadMail::default(), "{text:?}");
    }
}

#[test]
fn the_senders_number_is_not_taken_for_the_users() {
    let text = "Please reset the password of this user. I send this for the user.\n\nFull name: Testcase Amber\n\
                Agency: Sample Home Care\nPhone with area code: (555) 010-0100";
    let mail = read(text).mail;
    assert!(mail.for_someone_else);
    assert_eq!(mail.phone, "", "the user's own phone is missing");
}

#[test]
fn requests_for_two_people_are_noticed() {
    let other = ResetMail {
        full_name: "Testcase Birch".into(),
        ..own()
    };
    let both = format!("{}\n\n{}", own().text(), wrapped(&other.text(), 72, "> "));
    let both = read(&both);
    assert_eq!((both.mail, both.has_several), (own(), true));
    let twice = format!("{}\n\n{}", own().text(), wrapped(&own().text(), 72, "> "));
    assert!(!read(&twice).has_several, "an e-mail under its own answer");
}

#[test]
fn nothing_that_can_be_pasted_is_too_much() {
    for text in [
        ":".repeat(100_000),
        "Full name: ".repeat(20_000),
        "From: a@b <".repeat(10_000),
        "> ".repeat(50_000),
        format!("Full name: {}", "x".repeat(100_000)),
        "\u{202e}\u{0}\u{ffff}".repeat(1_000),
    ] {
        assert!(read(&text).mail.full_name.chars().count() <= LONGEST_VALUE);
    }
}
