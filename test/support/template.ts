/** The database that is migrated once; each test database is a copy. */
export const TEMPLATE_DATABASE = 'reos_template';
