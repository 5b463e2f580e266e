CREATE TABLE accounts (
    id TEXT PRIMARY KEY, name TEXT, domain TEXT, tier INTEGER, arr NUMERIC, currency TEXT,
    renewal TEXT, region TEXT, loaded_at TEXT
);
INSERT INTO accounts VALUES
    ('a-1', 'Marigold Freight', 'marigold.example', 1, 48000.5, 'EUR', '2027-01-20', 'DACH', '2026-11-20T21:00:00Z'),
    ('a-2', 'Larkspur Tools', 'larkspur.example', 2, NULL, NULL, NULL, NULL, '2026-11-20T21:00:00Z');
CREATE TABLE people (email TEXT, account_id TEXT);
INSERT INTO people VALUES ('ada@marigold.example', 'a-1'), ('ada@marigold.example', 'a-2'), ('ben@larkspur.example', 'a-2');
CREATE TABLE usage (domain TEXT, module TEXT, events INTEGER);
INSERT INTO usage VALUES ('marigold.example', 'Reporting', 1180), ('marigold.example', 'Export', 0);
