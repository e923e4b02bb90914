CREATE TABLE hornbeam_changes (
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  seq BIGINT GENERATED ALWAYS AS IDENTITY,
  place TEXT NOT NULL,
  key TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (xid, seq));
CREATE TABLE hornbeam_log (
  log TEXT NOT NULL, trimmed_to BIGINT NOT NULL, compacted_to TEXT NOT NULL);
INSERT INTO hornbeam_log VALUES (left(md5(random()::text || clock_timestamp()), 16), 0, '');
CREATE FUNCTION hornbeam_stamp() RETURNS trigger LANGUAGE plpgsql AS $hornbeam$
BEGIN NEW.last_touched := (extract(epoch FROM clock_timestamp()) * 1000)::bigint; RETURN NEW; END $hornbeam$;
CREATE TABLE hornbeam_followers (
  name TEXT PRIMARY KEY,
  cursor TEXT NOT NULL,
  holder TEXT NOT NULL,
  token BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL);
CREATE TABLE hornbeam_dead_letters (
  follower TEXT NOT NULL,
  key TEXT NOT NULL,
  tries INTEGER NOT NULL,
  reason TEXT NOT NULL,
  failed_at BIGINT NOT NULL,
  next_at BIGINT,
  PRIMARY KEY (follower, key));
ALTER TABLE "doc_sections" ADD COLUMN last_touched BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "packages" ADD COLUMN last_touched BIGINT NOT NULL DEFAULT 0;
CREATE FUNCTION "hornbeam_log_doc_sections"() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $hornbeam$
BEGIN
  IF current_setting('hornbeam.touching', true) = 'on' THEN RETURN NULL; END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_sections.id' AS place, "id"::text AS key FROM new_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_sections.id' AS place, "id"::text AS key FROM old_rows UNION SELECT 'doc_sections.id' AS place, "id"::text AS key FROM new_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_sections.id' AS place, "id"::text AS key FROM old_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
  ELSIF TG_OP = 'TRUNCATE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_sections.id' AS place, "id"::text AS key FROM "doc_sections") AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
  END IF;
  PERFORM pg_notify('hornbeam_changes', '');
  RETURN NULL;
END $hornbeam$;
CREATE TRIGGER "hornbeam_doc_sections_insert" AFTER INSERT ON "doc_sections"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_sections"();
CREATE TRIGGER "hornbeam_doc_sections_update" AFTER UPDATE ON "doc_sections"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_sections"();
CREATE TRIGGER "hornbeam_doc_sections_delete" AFTER DELETE ON "doc_sections"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_sections"();
CREATE TRIGGER "hornbeam_doc_sections_truncate" BEFORE TRUNCATE ON "doc_sections"
FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_sections"();
CREATE TRIGGER "hornbeam_doc_sections_stamp" BEFORE INSERT OR UPDATE ON "doc_sections"
FOR EACH ROW EXECUTE FUNCTION hornbeam_stamp();
CREATE FUNCTION "hornbeam_log_doc_headings"() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $hornbeam$
BEGIN
  IF current_setting('hornbeam.touching', true) = 'on' THEN RETURN NULL; END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_headings.document' AS place, "document"::text AS key FROM new_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "doc_sections" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "doc_sections"."document" IN (SELECT "document" FROM new_rows);
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_headings.document' AS place, "document"::text AS key FROM old_rows UNION SELECT 'doc_headings.document' AS place, "document"::text AS key FROM new_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "doc_sections" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "doc_sections"."document" IN (SELECT "document" FROM old_rows UNION SELECT "document" FROM new_rows);
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_headings.document' AS place, "document"::text AS key FROM old_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "doc_sections" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "doc_sections"."document" IN (SELECT "document" FROM old_rows);
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'TRUNCATE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_headings.document' AS place, "document"::text AS key FROM "doc_headings") AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "doc_sections" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "doc_sections"."document" IN (SELECT "document" FROM "doc_headings");
    PERFORM set_config('hornbeam.touching', '', true);
  END IF;
  PERFORM pg_notify('hornbeam_changes', '');
  RETURN NULL;
END $hornbeam$;
CREATE TRIGGER "hornbeam_doc_headings_insert" AFTER INSERT ON "doc_headings"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_headings"();
CREATE TRIGGER "hornbeam_doc_headings_update" AFTER UPDATE ON "doc_headings"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_headings"();
CREATE TRIGGER "hornbeam_doc_headings_delete" AFTER DELETE ON "doc_headings"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_headings"();
CREATE TRIGGER "hornbeam_doc_headings_truncate" BEFORE TRUNCATE ON "doc_headings"
FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_headings"();
CREATE FUNCTION "hornbeam_log_doc_samples"() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $hornbeam$
BEGIN
  IF current_setting('hornbeam.touching', true) = 'on' THEN RETURN NULL; END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_samples.section' AS place, "section"::text AS key FROM new_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "doc_sections" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "doc_sections"."id" IN (SELECT "section" FROM new_rows);
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_samples.section' AS place, "section"::text AS key FROM old_rows UNION SELECT 'doc_samples.section' AS place, "section"::text AS key FROM new_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "doc_sections" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "doc_sections"."id" IN (SELECT "section" FROM old_rows UNION SELECT "section" FROM new_rows);
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_samples.section' AS place, "section"::text AS key FROM old_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "doc_sections" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "doc_sections"."id" IN (SELECT "section" FROM old_rows);
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'TRUNCATE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_samples.section' AS place, "section"::text AS key FROM "doc_samples") AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "doc_sections" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "doc_sections"."id" IN (SELECT "section" FROM "doc_samples");
    PERFORM set_config('hornbeam.touching', '', true);
  END IF;
  PERFORM pg_notify('hornbeam_changes', '');
  RETURN NULL;
END $hornbeam$;
CREATE TRIGGER "hornbeam_doc_samples_insert" AFTER INSERT ON "doc_samples"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_samples"();
CREATE TRIGGER "hornbeam_doc_samples_update" AFTER UPDATE ON "doc_samples"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_samples"();
CREATE TRIGGER "hornbeam_doc_samples_delete" AFTER DELETE ON "doc_samples"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_samples"();
CREATE TRIGGER "hornbeam_doc_samples_truncate" BEFORE TRUNCATE ON "doc_samples"
FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_samples"();
CREATE FUNCTION "hornbeam_log_doc_documents"() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $hornbeam$
BEGIN
  IF current_setting('hornbeam.touching', true) = 'on' THEN RETURN NULL; END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_documents.id' AS place, "id"::text AS key FROM new_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "doc_sections" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "doc_sections"."document" IN (SELECT "id" FROM new_rows);
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_documents.id' AS place, "id"::text AS key FROM old_rows UNION SELECT 'doc_documents.id' AS place, "id"::text AS key FROM new_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "doc_sections" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "doc_sections"."document" IN (SELECT "id" FROM old_rows UNION SELECT "id" FROM new_rows);
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_documents.id' AS place, "id"::text AS key FROM old_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "doc_sections" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "doc_sections"."document" IN (SELECT "id" FROM old_rows);
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'TRUNCATE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_documents.id' AS place, "id"::text AS key FROM "doc_documents") AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "doc_sections" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "doc_sections"."document" IN (SELECT "id" FROM "doc_documents");
    PERFORM set_config('hornbeam.touching', '', true);
  END IF;
  PERFORM pg_notify('hornbeam_changes', '');
  RETURN NULL;
END $hornbeam$;
CREATE TRIGGER "hornbeam_doc_documents_insert" AFTER INSERT ON "doc_documents"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_documents"();
CREATE TRIGGER "hornbeam_doc_documents_update" AFTER UPDATE ON "doc_documents"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_documents"();
CREATE TRIGGER "hornbeam_doc_documents_delete" AFTER DELETE ON "doc_documents"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_documents"();
CREATE TRIGGER "hornbeam_doc_documents_truncate" BEFORE TRUNCATE ON "doc_documents"
FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_documents"();
CREATE FUNCTION "hornbeam_log_doc_versions"() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $hornbeam$
BEGIN
  IF current_setting('hornbeam.touching', true) = 'on' THEN RETURN NULL; END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_versions.id' AS place, "id"::text AS key FROM new_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "doc_sections" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "doc_sections"."document" IN (SELECT "doc_documents"."id" FROM "doc_documents" WHERE "doc_documents"."version" IN (SELECT "id" FROM new_rows));
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_versions.id' AS place, "id"::text AS key FROM old_rows UNION SELECT 'doc_versions.id' AS place, "id"::text AS key FROM new_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "doc_sections" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "doc_sections"."document" IN (SELECT "doc_documents"."id" FROM "doc_documents" WHERE "doc_documents"."version" IN (SELECT "id" FROM old_rows UNION SELECT "id" FROM new_rows));
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_versions.id' AS place, "id"::text AS key FROM old_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "doc_sections" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "doc_sections"."document" IN (SELECT "doc_documents"."id" FROM "doc_documents" WHERE "doc_documents"."version" IN (SELECT "id" FROM old_rows));
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'TRUNCATE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_versions.id' AS place, "id"::text AS key FROM "doc_versions") AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "doc_sections" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "doc_sections"."document" IN (SELECT "doc_documents"."id" FROM "doc_documents" WHERE "doc_documents"."version" IN (SELECT "id" FROM "doc_versions"));
    PERFORM set_config('hornbeam.touching', '', true);
  END IF;
  PERFORM pg_notify('hornbeam_changes', '');
  RETURN NULL;
END $hornbeam$;
CREATE TRIGGER "hornbeam_doc_versions_insert" AFTER INSERT ON "doc_versions"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_versions"();
CREATE TRIGGER "hornbeam_doc_versions_update" AFTER UPDATE ON "doc_versions"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_versions"();
CREATE TRIGGER "hornbeam_doc_versions_delete" AFTER DELETE ON "doc_versions"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_versions"();
CREATE TRIGGER "hornbeam_doc_versions_truncate" BEFORE TRUNCATE ON "doc_versions"
FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_versions"();
CREATE FUNCTION "hornbeam_log_doc_tags"() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $hornbeam$
BEGIN
  IF current_setting('hornbeam.touching', true) = 'on' THEN RETURN NULL; END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_tags.id' AS place, "id"::text AS key FROM new_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "doc_sections" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "doc_sections"."document" IN (SELECT "doc_taggings"."document" FROM "doc_taggings" WHERE "doc_taggings"."tag" IN (SELECT "id" FROM new_rows));
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_tags.id' AS place, "id"::text AS key FROM old_rows UNION SELECT 'doc_tags.id' AS place, "id"::text AS key FROM new_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "doc_sections" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "doc_sections"."document" IN (SELECT "doc_taggings"."document" FROM "doc_taggings" WHERE "doc_taggings"."tag" IN (SELECT "id" FROM old_rows UNION SELECT "id" FROM new_rows));
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_tags.id' AS place, "id"::text AS key FROM old_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "doc_sections" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "doc_sections"."document" IN (SELECT "doc_taggings"."document" FROM "doc_taggings" WHERE "doc_taggings"."tag" IN (SELECT "id" FROM old_rows));
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'TRUNCATE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_tags.id' AS place, "id"::text AS key FROM "doc_tags") AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "doc_sections" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "doc_sections"."document" IN (SELECT "doc_taggings"."document" FROM "doc_taggings" WHERE "doc_taggings"."tag" IN (SELECT "id" FROM "doc_tags"));
    PERFORM set_config('hornbeam.touching', '', true);
  END IF;
  PERFORM pg_notify('hornbeam_changes', '');
  RETURN NULL;
END $hornbeam$;
CREATE TRIGGER "hornbeam_doc_tags_insert" AFTER INSERT ON "doc_tags"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_tags"();
CREATE TRIGGER "hornbeam_doc_tags_update" AFTER UPDATE ON "doc_tags"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_tags"();
CREATE TRIGGER "hornbeam_doc_tags_delete" AFTER DELETE ON "doc_tags"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_tags"();
CREATE TRIGGER "hornbeam_doc_tags_truncate" BEFORE TRUNCATE ON "doc_tags"
FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_tags"();
CREATE FUNCTION "hornbeam_log_doc_taggings"() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $hornbeam$
BEGIN
  IF current_setting('hornbeam.touching', true) = 'on' THEN RETURN NULL; END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_taggings.document' AS place, "document"::text AS key FROM new_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "doc_sections" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "doc_sections"."document" IN (SELECT "document" FROM new_rows);
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_taggings.document' AS place, "document"::text AS key FROM old_rows UNION SELECT 'doc_taggings.document' AS place, "document"::text AS key FROM new_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "doc_sections" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "doc_sections"."document" IN (SELECT "document" FROM old_rows UNION SELECT "document" FROM new_rows);
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_taggings.document' AS place, "document"::text AS key FROM old_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "doc_sections" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "doc_sections"."document" IN (SELECT "document" FROM old_rows);
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'TRUNCATE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'doc_taggings.document' AS place, "document"::text AS key FROM "doc_taggings") AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "doc_sections" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "doc_sections"."document" IN (SELECT "document" FROM "doc_taggings");
    PERFORM set_config('hornbeam.touching', '', true);
  END IF;
  PERFORM pg_notify('hornbeam_changes', '');
  RETURN NULL;
END $hornbeam$;
CREATE TRIGGER "hornbeam_doc_taggings_insert" AFTER INSERT ON "doc_taggings"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_taggings"();
CREATE TRIGGER "hornbeam_doc_taggings_update" AFTER UPDATE ON "doc_taggings"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_taggings"();
CREATE TRIGGER "hornbeam_doc_taggings_delete" AFTER DELETE ON "doc_taggings"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_taggings"();
CREATE TRIGGER "hornbeam_doc_taggings_truncate" BEFORE TRUNCATE ON "doc_taggings"
FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_doc_taggings"();
CREATE FUNCTION "hornbeam_log_packages"() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $hornbeam$
BEGIN
  IF current_setting('hornbeam.touching', true) = 'on' THEN RETURN NULL; END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'packages.id' AS place, "id"::text AS key FROM new_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'packages.id' AS place, "id"::text AS key FROM old_rows UNION SELECT 'packages.id' AS place, "id"::text AS key FROM new_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'packages.id' AS place, "id"::text AS key FROM old_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
  ELSIF TG_OP = 'TRUNCATE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'packages.id' AS place, "id"::text AS key FROM "packages") AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
  END IF;
  PERFORM pg_notify('hornbeam_changes', '');
  RETURN NULL;
END $hornbeam$;
CREATE TRIGGER "hornbeam_packages_insert" AFTER INSERT ON "packages"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_packages"();
CREATE TRIGGER "hornbeam_packages_update" AFTER UPDATE ON "packages"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_packages"();
CREATE TRIGGER "hornbeam_packages_delete" AFTER DELETE ON "packages"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_packages"();
CREATE TRIGGER "hornbeam_packages_truncate" BEFORE TRUNCATE ON "packages"
FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_packages"();
CREATE TRIGGER "hornbeam_packages_stamp" BEFORE INSERT OR UPDATE ON "packages"
FOR EACH ROW EXECUTE FUNCTION hornbeam_stamp();
CREATE FUNCTION "hornbeam_log_maintainers"() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $hornbeam$
BEGIN
  IF current_setting('hornbeam.touching', true) = 'on' THEN RETURN NULL; END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'maintainers.id' AS place, "id"::text AS key FROM new_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "packages" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "packages"."maintainer" IN (SELECT "id" FROM new_rows);
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'maintainers.id' AS place, "id"::text AS key FROM old_rows UNION SELECT 'maintainers.id' AS place, "id"::text AS key FROM new_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "packages" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "packages"."maintainer" IN (SELECT "id" FROM old_rows UNION SELECT "id" FROM new_rows);
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'maintainers.id' AS place, "id"::text AS key FROM old_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "packages" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "packages"."maintainer" IN (SELECT "id" FROM old_rows);
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'TRUNCATE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'maintainers.id' AS place, "id"::text AS key FROM "maintainers") AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "packages" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "packages"."maintainer" IN (SELECT "id" FROM "maintainers");
    PERFORM set_config('hornbeam.touching', '', true);
  END IF;
  PERFORM pg_notify('hornbeam_changes', '');
  RETURN NULL;
END $hornbeam$;
CREATE TRIGGER "hornbeam_maintainers_insert" AFTER INSERT ON "maintainers"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_maintainers"();
CREATE TRIGGER "hornbeam_maintainers_update" AFTER UPDATE ON "maintainers"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_maintainers"();
CREATE TRIGGER "hornbeam_maintainers_delete" AFTER DELETE ON "maintainers"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_maintainers"();
CREATE TRIGGER "hornbeam_maintainers_truncate" BEFORE TRUNCATE ON "maintainers"
FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_maintainers"();
CREATE FUNCTION "hornbeam_log_package_tags"() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $hornbeam$
BEGIN
  IF current_setting('hornbeam.touching', true) = 'on' THEN RETURN NULL; END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'package_tags.package' AS place, "package"::text AS key FROM new_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "packages" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "packages"."id" IN (SELECT "package" FROM new_rows);
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'package_tags.package' AS place, "package"::text AS key FROM old_rows UNION SELECT 'package_tags.package' AS place, "package"::text AS key FROM new_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "packages" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "packages"."id" IN (SELECT "package" FROM old_rows UNION SELECT "package" FROM new_rows);
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'package_tags.package' AS place, "package"::text AS key FROM old_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "packages" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "packages"."id" IN (SELECT "package" FROM old_rows);
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'TRUNCATE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'package_tags.package' AS place, "package"::text AS key FROM "package_tags") AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "packages" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "packages"."id" IN (SELECT "package" FROM "package_tags");
    PERFORM set_config('hornbeam.touching', '', true);
  END IF;
  PERFORM pg_notify('hornbeam_changes', '');
  RETURN NULL;
END $hornbeam$;
CREATE TRIGGER "hornbeam_package_tags_insert" AFTER INSERT ON "package_tags"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_package_tags"();
CREATE TRIGGER "hornbeam_package_tags_update" AFTER UPDATE ON "package_tags"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_package_tags"();
CREATE TRIGGER "hornbeam_package_tags_delete" AFTER DELETE ON "package_tags"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_package_tags"();
CREATE TRIGGER "hornbeam_package_tags_truncate" BEFORE TRUNCATE ON "package_tags"
FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_package_tags"();
CREATE FUNCTION "hornbeam_log_dependencies"() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $hornbeam$
BEGIN
  IF current_setting('hornbeam.touching', true) = 'on' THEN RETURN NULL; END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'dependencies.package' AS place, "package"::text AS key FROM new_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "packages" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "packages"."id" IN (SELECT "package" FROM new_rows);
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'dependencies.package' AS place, "package"::text AS key FROM old_rows UNION SELECT 'dependencies.package' AS place, "package"::text AS key FROM new_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "packages" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "packages"."id" IN (SELECT "package" FROM old_rows UNION SELECT "package" FROM new_rows);
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'dependencies.package' AS place, "package"::text AS key FROM old_rows) AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "packages" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "packages"."id" IN (SELECT "package" FROM old_rows);
    PERFORM set_config('hornbeam.touching', '', true);
  ELSIF TG_OP = 'TRUNCATE' THEN
    INSERT INTO hornbeam_changes (place, key, at)
      SELECT place, key, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (SELECT 'dependencies.package' AS place, "package"::text AS key FROM "dependencies") AS changed WHERE key IS NOT NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('hornbeam.touching', 'on', true);
    UPDATE "packages" SET last_touched = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE "packages"."id" IN (SELECT "package" FROM "dependencies");
    PERFORM set_config('hornbeam.touching', '', true);
  END IF;
  PERFORM pg_notify('hornbeam_changes', '');
  RETURN NULL;
END $hornbeam$;
CREATE TRIGGER "hornbeam_dependencies_insert" AFTER INSERT ON "dependencies"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_dependencies"();
CREATE TRIGGER "hornbeam_dependencies_update" AFTER UPDATE ON "dependencies"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_dependencies"();
CREATE TRIGGER "hornbeam_dependencies_delete" AFTER DELETE ON "dependencies"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_dependencies"();
CREATE TRIGGER "hornbeam_dependencies_truncate" BEFORE TRUNCATE ON "dependencies"
FOR EACH STATEMENT EXECUTE FUNCTION "hornbeam_log_dependencies"();
