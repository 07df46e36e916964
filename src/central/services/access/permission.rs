//! What a person or a program may do, by name. The names are stable: they stand in the database, in keys and in the API.

use crate::protocol::wire::Role;

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $from:ident;)+) => {
        /// One thing that may be allowed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Permission {
            $($(#[$doc])* $name,)+
        }

        impl Permission {
            /// All of them, in the order people are shown.
            pub const ALL: &'static [Permission] = &[$(Permission::$name,)+];

            /// Its stable name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Permission::$name => $text,)+ }
            }

            /// Who has it where no rule of the site says otherwise.
            const fn from(self) -> From {
                match self { $(Permission::$name => From::$from,)+ }
            }
        }
    };
}

/// Which roles a permission is shipped with. Admins have all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    /// Everybody.
    All,
    /// Leads and the office.
    Desk,
    /// Leads alone.
    Lead,
    /// The office alone.
    Office,
    /// Nobody but admins.
    Admin,
}

permissions! {
    /// See orders, their lines, parcels and stages.
    OrderView = "order.view", All;
    /// Make orders by hand.
    OrderCreate = "order.create", Office;
    /// Change an order: lines, address, shipping, notes, flags, stage.
    OrderUpdate = "order.update", Desk;
    /// Call an order off.
    OrderDelete = "order.delete", Desk;
    /// Mark an order as done.
    OrderComplete = "order.complete", Desk;
    /// Put an order before the others.
    OrderExpedite = "order.expedite", Lead;
    /// Take orders out as a file.
    OrderExport = "order.export", Desk;
    /// See payments.
    PaymentView = "payment.view", Desk;
    /// Enter payments and refunds.
    PaymentAdd = "payment.add", Office;
    /// Look at proofs of payment; every look is noted.
    ProofView = "proof.view", Office;
    /// See names, addresses, phones and e-mail addresses of customers.
    PersonView = "person.view", Desk;
    /// Change customers.
    PersonUpdate = "person.update", Office;
    /// Erase a customer's personal data for good.
    PersonErase = "person.erase", Admin;
    /// See calls with customers.
    CallView = "call.view", Desk;
    /// Note calls.
    CallAdd = "call.add", Desk;
    /// See mail to customers, and the link of a customer's page.
    MessageView = "message.view", Desk;
    /// Write mail to customers, take it back, and renew the link of a customer's page.
    MessageSend = "message.send", Desk;
    /// See stock.
    StockView = "stock.view", All;
    /// Receive, move, count and correct stock.
    StockAdjust = "stock.adjust", Lead;
    /// Change products, their barcodes and facts.
    ProductUpdate = "product.update", Desk;
    /// Add, change and take away places of the warehouse.
    PlaceUpdate = "place.update", Lead;
    /// Change the warehouse's layout that pick tours are planned on.
    LayoutEdit = "layout.edit", Lead;
    /// Change the templates that labels are printed from.
    LabelEdit = "label.edit", Lead;
    /// Handle returns.
    ReturnManage = "return.manage", Desk;
    /// Hand parcels to carriers, tell where they are, and that they arrived.
    ParcelHandover = "parcel.handover", Desk;
    /// Take back a manifest that was closed.
    ManifestReopen = "manifest.reopen", Lead;
    /// Answer questions of the warehouse.
    ExceptionDecide = "exception.decide", Desk;
    /// Pair stations and take them out.
    StationManage = "station.manage", Lead;
    /// Bring in files.
    ImportRun = "import.run", Office;
    /// See people and their roles.
    UserView = "user.view", Lead;
    /// Add and change people, and what roles may do.
    UserManage = "user.manage", Admin;
    /// Make and revoke keys for programs.
    KeyManage = "key.manage", Admin;
    /// Read the audit.
    AuditView = "audit.view", Admin;
    /// Change settings, pipelines, templates and webhooks.
    SettingsManage = "settings.manage", Admin;
}

impl Permission {
    /// The permission of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Permission> {
        Permission::ALL.iter().copied().find(|permission| permission.name() == name)
    }

    /// Does the role bring it, as shipped?
    #[must_use]
    pub const fn shipped_with(self, role: Role) -> bool {
        match (role, self.from()) {
            (Role::Admin, _) | (_, From::All) => true,
            (Role::Lead, from) => matches!(from, From::Desk | From::Lead),
            (Role::Office, from) => matches!(from, From::Desk | From::Office),
            (Role::Picker | Role::Packer | Role::Quality, _) => false,
        }
    }
}

/// A set of permissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permissions(u64);

impl Permissions {
    /// Those of a role, as shipped.
    #[must_use]
    pub fn shipped(role: Role) -> Permissions {
        Permission::ALL.iter().copied().filter(|permission| permission.shipped_with(role)).collect()
    }

    /// Is it in the set?
    #[must_use]
    pub const fn has(self, permission: Permission) -> bool {
        self.0 & bit(permission) != 0
    }

    /// The set with or without it.
    #[must_use]
    pub const fn with(self, permission: Permission, allowed: bool) -> Permissions {
        if allowed { Permissions(self.0 | bit(permission)) } else { Permissions(self.0 & !bit(permission)) }
    }

    /// Is every one of `self` also in `other`?
    #[must_use]
    pub const fn within(self, other: Permissions) -> bool {
        self.0 & !other.0 == 0
    }

    /// Its members, in the order people are shown.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.has(*permission))
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<T: IntoIterator<Item = Permission>>(iter: T) -> Permissions {
        iter.into_iter().fold(Permissions::default(), |set, permission| set.with(permission, true))
    }
}

/// Fewer than 64 permissions fit a word.
const _: () = assert!(Permission::ALL.len() <= 64);

const fn bit(permission: Permission) -> u64 {
    1 << (permission as u64)
}
