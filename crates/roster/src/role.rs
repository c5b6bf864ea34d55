//! What somebody may do in the main application.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    FieldStaff,
    Supervisor,
    Helpdesk,
}

impl Role {
    pub const ALL: [Self; 3] = [Self::FieldStaff, Self::Supervisor, Self::Helpdesk];

    /// As it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::FieldStaff => "field_staff",
            Self::Supervisor => "supervisor",
            Self::Helpdesk => "helpdesk",
        }
    }

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Self::FieldStaff => "Field staff",
            Self::Supervisor => "Supervisor",
            Self::Helpdesk => "Helpdesk",
        }
    }
}
