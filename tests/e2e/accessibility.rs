//! Every page passes axe with no rule turned off, on a tablet, a desktop and a phone, in light and dark; in Firefox and
//! WebKit on those of them that their drivers can show.

use anyhow::{Context as _, Result};
use journeys::{Browser, Device, Engine, Whole, in_every_engine};

use crate::people::{Clerk, NEW_PASSWORD, Nurse, S1, S3, SAMPLE_ANSWER, SAMPLE_PASSWORD, Supervisor};

const DEVICES: [Device; 4] = [
    Device::TABLET,
    Device::DESKTOP,
    Device::PHONE,
    Device::TABLET.in_the_dark(),
];

const LONG_NAME: &str = "Testcase-Amberley Wilhelmina Konstantinopolitanska of Sample";

pub async fn is_accessible_everywhere(browser: &Browser, page: &str) -> Result<()> {
    for device in DEVICES {
        // Said with `--nocapture`; the other devices are looked at all the same.
        if let Some(why) = browser.engine().cannot_show(device) {
            eprintln!("{page} is not looked at on {device:?}: {why}");
            continue;
        }
        browser.show_on(device).await?;
        browser
            .is_accessible()
            .await
            .with_context(|| format!("{page} on {device:?}"))?;
        browser
            .is_easy_to_press()
            .await
            .with_context(|| format!("{page} on {device:?}"))?;
    }
    browser.show_on(Device::TABLET).await
}

in_every_engine!(every_page_of_the_app_is_accessible);

async fn every_page_of_the_app_is_accessible(engine: Engine) -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet_in(engine, &whole).await?;
    let tablet = &nurse.tablet;
    is_accessible_everywhere(tablet, "sign in").await?;
    nurse.is_refused("field1", "wrong", S1).await?;
    is_accessible_everywhere(tablet, "sign in, refused").await?;
    nurse.is_refused("nosuchuser", "wrong", S3).await?;
    is_accessible_everywhere(tablet, "sign in, no access").await?;
    tablet.press("Forgot your password?").await?;
    tablet.arrives_at("Forgot your password?").await?;
    is_accessible_everywhere(tablet, "forgot your password").await?;
    tablet.press("Read it out").await?;
    tablet.sees("Enter your full name.").await?;
    is_accessible_everywhere(tablet, "forgot your password, nothing typed").await?;
    nurse
        .asks_for_a_new_password(LONG_NAME, "Sample Home Care", "5550100199")
        .await?;
    tablet.press("Read it out").await?;
    tablet.sees("555 010 0199").await?;
    is_accessible_everywhere(tablet, "the e-mail, read out").await?;
    tablet.press("I have read it out").await?;
    tablet.sees("Requested today at").await?;
    tablet.press("I have a temp password").await?;
    tablet.sees("Go to sign-in").await?;
    is_accessible_everywhere(tablet, "forgot your password, on the way").await?;
    tablet.go(&whole.url("/")).await?;
    tablet.sees("Show all steps").await?;
    is_accessible_everywhere(tablet, "sign in, on the way").await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    tablet.sees("Start assessment").await?;
    tablet.sees("Not checked yet.").await?;
    is_accessible_everywhere(tablet, "caseload").await?;
    nurse.goes_to_the_check().await?;
    nurse.checks("wrong").await?;
    tablet.alert().await?;
    is_accessible_everywhere(tablet, "ready for the field, a wrong password").await?;
    nurse.checks(SAMPLE_PASSWORD).await?;
    tablet.sees("Ready for the field. Checked today at").await?;
    is_accessible_everywhere(tablet, "ready for the field").await?;
    nurse.goes_to_the_caseload().await?;
    let client = nurse.sees_a_client().await?;
    nurse.starts(&client, "Home care intake").await?;
    tablet.sees("Visit and identity check").await?;
    is_accessible_everywhere(tablet, "assessment").await?;
    nurse.goes_to_the_caseload().await?;
    nurse
        .starts(&client, "Patient Health Questionnaire (PHQ-9)")
        .await?;
    nurse.answers_the_phq9().await?;
    is_accessible_everywhere(tablet, "assessment with a total").await?;
    nurse.goes_to_the_end().await?;
    is_accessible_everywhere(tablet, "check and finish").await?;
    tablet.press("History").await?;
    tablet.arrives_at("History").await?;
    is_accessible_everywhere(tablet, "history").await?;
    nurse.goes_to_the_caseload().await?;
    tablet.press(&client).await?;
    tablet.arrives_at(&client).await?;
    is_accessible_everywhere(tablet, "a client").await?;
    tablet.press_at("header a").await?;
    tablet.arrives_at("Outbox").await?;
    is_accessible_everywhere(tablet, "outbox").await?;
    nurse.tablet.close().await
}

in_every_engine!(who_comes_back_finds_accessible_pages);

async fn who_comes_back_finds_accessible_pages(engine: Engine) -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet_in(engine, &whole).await?;
    let tablet = &nurse.tablet;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    let client = nurse.sees_a_client().await?;
    nurse.starts(&client, "Home care intake").await?;
    nurse.chooses("identity", "Yes").await?;
    nurse.sees_it_saved().await?;
    tablet.reload().await?;
    let clerk = Clerk::signs_in(&whole).await?;
    let temp = clerk.resets("field1").await?;
    clerk.desk.close().await?;
    nurse.types("field1", &temp).await?;
    nurse.goes_to_the_caseload().await?;
    tablet.sees("You are back").await?;
    tablet.sees("1 assessment waited and has been sent.").await?;
    is_accessible_everywhere(tablet, "you are back").await?;
    nurse.goes_to_the_check().await?;
    tablet.press("Check now").await?;
    tablet.sees("Not ready yet. ").await?;
    is_accessible_everywhere(tablet, "not ready").await?;
    nurse.tablet.close().await
}

in_every_engine!(every_page_of_the_main_application_is_accessible);

async fn every_page_of_the_main_application_is_accessible(engine: Engine) -> Result<()> {
    let whole = Whole::start().await?;
    let visitor = Browser::open_in(engine).await?;
    visitor.go(&whole.url("/main/")).await?;
    is_accessible_everywhere(&visitor, "/main/ sign in").await?;
    visitor.fill("Username", "nosuchuser").await?;
    visitor.fill("Password", "wrong").await?;
    visitor.press("Sign in").await?;
    visitor.alert().await?;
    is_accessible_everywhere(&visitor, "/main/ sign in, refused").await?;
    let clerk = Clerk::signs_in(&whole).await?;
    is_accessible_everywhere(&clerk.desk, "/main/helpdesk").await?;
    let temp = clerk.resets("field1").await?;
    is_accessible_everywhere(&clerk.desk, "the temp password").await?;
    visitor.fill("Username", "field1").await?;
    visitor.fill("Password", &temp).await?;
    visitor.press("Sign in").await?;
    visitor.arrives_at("Choose a new password").await?;
    is_accessible_everywhere(&visitor, "change of password").await?;
    visitor.press("Change password").await?;
    visitor.alert().await?;
    is_accessible_everywhere(&visitor, "change of password, refused").await?;
    visitor.fill("New password", NEW_PASSWORD).await?;
    visitor.fill("New password again", NEW_PASSWORD).await?;
    visitor.press("Change password").await?;
    visitor.arrives_at("Your password has been changed").await?;
    is_accessible_everywhere(&visitor, "password changed").await?;
    visitor.go(&whole.url("/main/")).await?;
    visitor.arrives_at("Test Field One").await?;
    is_accessible_everywhere(&visitor, "home").await?;
    for (link, heading, button) in [
        ("Change the security question", "Security question", "Save"),
        ("Change password", "Change password", "Change password"),
    ] {
        visitor.go(&whole.url("/main/account")).await?;
        visitor.arrives_at("Your account").await?;
        is_accessible_everywhere(&visitor, "your account").await?;
        visitor.press(link).await?;
        visitor.arrives_at(heading).await?;
        is_accessible_everywhere(&visitor, heading).await?;
        visitor.press(button).await?;
        visitor.alert().await?;
        is_accessible_everywhere(&visitor, &format!("{heading}, refused")).await?;
    }
    clerk.desk.close().await?;
    visitor.close().await
}

in_every_engine!(every_page_of_administration_is_accessible);

async fn every_page_of_administration_is_accessible(engine: Engine) -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet_in(engine, &whole).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.tablet.close().await?;
    let supervisor = Supervisor::signs_in_with(engine, &whole).await?;
    let office = &supervisor.office;
    is_accessible_everywhere(office, "all accounts").await?;
    office.fill("Name, username, branch or phone", "nobody").await?;
    office.press("Search").await?;
    office.sees("No account fits").await?;
    is_accessible_everywhere(office, "no account found").await?;
    office.press("New account").await?;
    office.arrives_at("New account").await?;
    is_accessible_everywhere(office, "new account").await?;
    office.press("Create account").await?;
    office.alert().await?;
    is_accessible_everywhere(office, "new account, refused").await?;
    supervisor.creates("Test Newcomer One", "newcomer1").await?;
    is_accessible_everywhere(office, "the first password").await?;
    supervisor.opens_the_account("Test Field One").await?;
    office.sees("Revoke tablet").await?;
    is_accessible_everywhere(office, "an account").await?;
    for change in ["revoke-tablet", "allow-tablet"] {
        // The links' names end in the tablet's mark, which is another one each time.
        office.press_at(&format!("main a[href*='{change}']")).await?;
        office.sees("Change nothing").await?;
        is_accessible_everywhere(office, change).await?;
        office.press_at("main form button").await?;
        office.arrives_at("Test Field One").await?;
        is_accessible_everywhere(office, &format!("an account, after {change}")).await?;
    }
    office.press("Edit").await?;
    office.arrives_at("Edit the account of field1").await?;
    is_accessible_everywhere(office, "edit").await?;
    office.fill("Full name", "").await?;
    office.press("Save").await?;
    office.alert().await?;
    is_accessible_everywhere(office, "edit, refused").await?;
    office.press("Cancel").await?;
    office.press("Deactivate").await?;
    office.arrives_at("Deactivate Test Field One?").await?;
    is_accessible_everywhere(office, "deactivate").await?;
    office.press("Deactivate").await?;
    office.press("Reactivate").await?;
    office.arrives_at("Reactivate Test Field One?").await?;
    is_accessible_everywhere(office, "reactivate").await?;
    office.go(&whole.url("/main/admin")).await?;
    office.press("Import a file").await?;
    office.arrives_at("Import accounts").await?;
    is_accessible_everywhere(office, "import").await?;
    office.press("Import").await?;
    office.alert().await?;
    is_accessible_everywhere(office, "import, refused").await?;
    supervisor
        .imports("login,full_name\nimported1,Test Imported One\ntwo words,Test Imported Two\n")
        .await?;
    office.sees("1 created, 0 already there, 1 not imported.").await?;
    is_accessible_everywhere(office, "import report").await?;
    supervisor.office.close().await
}

in_every_engine!(every_page_of_the_console_is_accessible);

async fn every_page_of_the_console_is_accessible(engine: Engine) -> Result<()> {
    let whole = Whole::start().await?;
    let clerk = Clerk::signs_in_as("helpdesk1", Browser::open_in(engine).await?, &whole).await?;
    let desk = &clerk.desk;
    is_accessible_everywhere(desk, "an empty queue").await?;
    desk.press("New request").await?;
    is_accessible_everywhere(desk, "new request").await?;
    desk.press("Save the request").await?;
    desk.alert().await?;
    is_accessible_everywhere(desk, "new request, refused").await?;
    clerk
        .pastes("Full name: Field One Test\nAgency: Exampletown Home Care")
        .await?;
    is_accessible_everywhere(desk, "an e-mail that does not say everything").await?;
    desk.fill("Phone number, with area code", "555-555-0199").await?;
    desk.press("Save the request").await?;
    desk.arrives_at("Field One Test").await?;
    is_accessible_everywhere(desk, "a new request").await?;
    clerk.chooses("field1").await?;
    desk.sees("The number differs").await?;
    desk.press("Reached").await?;
    clerk.hears("not this").await?;
    desk.sees("Does not match").await?;
    is_accessible_everywhere(desk, "a wrong answer").await?;
    clerk.hears(SAMPLE_ANSWER).await?;
    desk.sees("Matches").await?;
    is_accessible_everywhere(desk, "a right answer").await?;
    clerk.validates("supervisor1").await?;
    desk.press("Ask a second clerk").await?;
    desk.sees("You have asked for a second clerk").await?;
    let second = Clerk::signs_in_as("helpdesk2", Browser::open_in(engine).await?, &whole).await?;
    is_accessible_everywhere(&second.desk, "a queue that asks for a second clerk").await?;
    second.desk.press("Test Supervisor One").await?;
    second.desk.sees("asks you to agree").await?;
    is_accessible_everywhere(&second.desk, "a second clerk").await?;
    second.desk.close().await?;
    desk.press("Requests").await?;
    desk.press("Field One Test").await?;
    desk.press("The call broke off").await?;
    desk.press("Not reached").await?;
    desk.sees("Return it by e-mail").await?;
    is_accessible_everywhere(desk, "a returned request").await?;
    desk.press("Today").await?;
    desk.sees("Returned").await?;
    is_accessible_everywhere(desk, "today").await?;
    desk.press("Accounts").await?;
    desk.arrives_at("Accounts").await?;
    is_accessible_everywhere(desk, "accounts at the helpdesk").await?;
    desk.press("Test Supervisor One").await?;
    desk.arrives_at("Test Supervisor One").await?;
    is_accessible_everywhere(desk, "an account at the helpdesk").await?;
    clerk.desk.close().await
}
