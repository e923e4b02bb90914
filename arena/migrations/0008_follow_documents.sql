CREATE TABLE hornbeam_changes (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  place TEXT NOT NULL,
  key TEXT NOT NULL,
  at INTEGER NOT NULL);
CREATE TABLE hornbeam_log (
  log TEXT NOT NULL, trimmed_to INTEGER NOT NULL, touching INTEGER NOT NULL);
INSERT INTO hornbeam_log VALUES (lower(hex(randomblob(8))), 0, 0);
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
ALTER TABLE "doc_sections" ADD COLUMN last_touched INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "packages" ADD COLUMN last_touched INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER "hornbeam_doc_sections_insert" AFTER INSERT ON "doc_sections"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'doc_sections.id' AS place, CAST(NEW."id" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "doc_sections" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "doc_sections"."id" = NEW."id";
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_doc_sections_update" AFTER UPDATE ON "doc_sections"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'doc_sections.id' AS place, CAST(OLD."id" AS TEXT) AS key UNION SELECT 'doc_sections.id' AS place, CAST(NEW."id" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "doc_sections" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "doc_sections"."id" = NEW."id";
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_doc_sections_delete" AFTER DELETE ON "doc_sections"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'doc_sections.id' AS place, CAST(OLD."id" AS TEXT) AS key) WHERE key IS NOT NULL;
END;
CREATE TRIGGER "hornbeam_doc_headings_insert" AFTER INSERT ON "doc_headings"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'doc_headings.document' AS place, CAST(NEW."document" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "doc_sections" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "doc_sections"."document" IN (NEW."document");
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_doc_headings_update" AFTER UPDATE ON "doc_headings"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'doc_headings.document' AS place, CAST(OLD."document" AS TEXT) AS key UNION SELECT 'doc_headings.document' AS place, CAST(NEW."document" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "doc_sections" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "doc_sections"."document" IN (OLD."document", NEW."document");
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_doc_headings_delete" AFTER DELETE ON "doc_headings"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'doc_headings.document' AS place, CAST(OLD."document" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "doc_sections" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "doc_sections"."document" IN (OLD."document");
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_doc_samples_insert" AFTER INSERT ON "doc_samples"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'doc_samples.section' AS place, CAST(NEW."section" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "doc_sections" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "doc_sections"."id" IN (NEW."section");
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_doc_samples_update" AFTER UPDATE ON "doc_samples"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'doc_samples.section' AS place, CAST(OLD."section" AS TEXT) AS key UNION SELECT 'doc_samples.section' AS place, CAST(NEW."section" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "doc_sections" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "doc_sections"."id" IN (OLD."section", NEW."section");
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_doc_samples_delete" AFTER DELETE ON "doc_samples"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'doc_samples.section' AS place, CAST(OLD."section" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "doc_sections" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "doc_sections"."id" IN (OLD."section");
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_doc_documents_insert" AFTER INSERT ON "doc_documents"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'doc_documents.id' AS place, CAST(NEW."id" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "doc_sections" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "doc_sections"."document" IN (NEW."id");
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_doc_documents_update" AFTER UPDATE ON "doc_documents"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'doc_documents.id' AS place, CAST(OLD."id" AS TEXT) AS key UNION SELECT 'doc_documents.id' AS place, CAST(NEW."id" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "doc_sections" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "doc_sections"."document" IN (OLD."id", NEW."id");
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_doc_documents_delete" AFTER DELETE ON "doc_documents"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'doc_documents.id' AS place, CAST(OLD."id" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "doc_sections" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "doc_sections"."document" IN (OLD."id");
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_doc_versions_insert" AFTER INSERT ON "doc_versions"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'doc_versions.id' AS place, CAST(NEW."id" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "doc_sections" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "doc_sections"."document" IN (SELECT "doc_documents"."id" FROM "doc_documents" WHERE "doc_documents"."version" IN (NEW."id"));
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_doc_versions_update" AFTER UPDATE ON "doc_versions"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'doc_versions.id' AS place, CAST(OLD."id" AS TEXT) AS key UNION SELECT 'doc_versions.id' AS place, CAST(NEW."id" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "doc_sections" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "doc_sections"."document" IN (SELECT "doc_documents"."id" FROM "doc_documents" WHERE "doc_documents"."version" IN (OLD."id", NEW."id"));
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_doc_versions_delete" AFTER DELETE ON "doc_versions"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'doc_versions.id' AS place, CAST(OLD."id" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "doc_sections" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "doc_sections"."document" IN (SELECT "doc_documents"."id" FROM "doc_documents" WHERE "doc_documents"."version" IN (OLD."id"));
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_doc_tags_insert" AFTER INSERT ON "doc_tags"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'doc_tags.id' AS place, CAST(NEW."id" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "doc_sections" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "doc_sections"."document" IN (SELECT "doc_taggings"."document" FROM "doc_taggings" WHERE "doc_taggings"."tag" IN (NEW."id"));
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_doc_tags_update" AFTER UPDATE ON "doc_tags"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'doc_tags.id' AS place, CAST(OLD."id" AS TEXT) AS key UNION SELECT 'doc_tags.id' AS place, CAST(NEW."id" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "doc_sections" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "doc_sections"."document" IN (SELECT "doc_taggings"."document" FROM "doc_taggings" WHERE "doc_taggings"."tag" IN (OLD."id", NEW."id"));
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_doc_tags_delete" AFTER DELETE ON "doc_tags"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'doc_tags.id' AS place, CAST(OLD."id" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "doc_sections" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "doc_sections"."document" IN (SELECT "doc_taggings"."document" FROM "doc_taggings" WHERE "doc_taggings"."tag" IN (OLD."id"));
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_doc_taggings_insert" AFTER INSERT ON "doc_taggings"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'doc_taggings.document' AS place, CAST(NEW."document" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "doc_sections" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "doc_sections"."document" IN (NEW."document");
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_doc_taggings_update" AFTER UPDATE ON "doc_taggings"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'doc_taggings.document' AS place, CAST(OLD."document" AS TEXT) AS key UNION SELECT 'doc_taggings.document' AS place, CAST(NEW."document" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "doc_sections" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "doc_sections"."document" IN (OLD."document", NEW."document");
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_doc_taggings_delete" AFTER DELETE ON "doc_taggings"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'doc_taggings.document' AS place, CAST(OLD."document" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "doc_sections" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "doc_sections"."document" IN (OLD."document");
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_packages_insert" AFTER INSERT ON "packages"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'packages.id' AS place, CAST(NEW."id" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "packages" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "packages"."id" = NEW."id";
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_packages_update" AFTER UPDATE ON "packages"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'packages.id' AS place, CAST(OLD."id" AS TEXT) AS key UNION SELECT 'packages.id' AS place, CAST(NEW."id" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "packages" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "packages"."id" = NEW."id";
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_packages_delete" AFTER DELETE ON "packages"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'packages.id' AS place, CAST(OLD."id" AS TEXT) AS key) WHERE key IS NOT NULL;
END;
CREATE TRIGGER "hornbeam_maintainers_insert" AFTER INSERT ON "maintainers"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'maintainers.id' AS place, CAST(NEW."id" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "packages" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "packages"."maintainer" IN (NEW."id");
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_maintainers_update" AFTER UPDATE ON "maintainers"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'maintainers.id' AS place, CAST(OLD."id" AS TEXT) AS key UNION SELECT 'maintainers.id' AS place, CAST(NEW."id" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "packages" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "packages"."maintainer" IN (OLD."id", NEW."id");
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_maintainers_delete" AFTER DELETE ON "maintainers"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'maintainers.id' AS place, CAST(OLD."id" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "packages" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "packages"."maintainer" IN (OLD."id");
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_package_tags_insert" AFTER INSERT ON "package_tags"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'package_tags.package' AS place, CAST(NEW."package" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "packages" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "packages"."id" IN (NEW."package");
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_package_tags_update" AFTER UPDATE ON "package_tags"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'package_tags.package' AS place, CAST(OLD."package" AS TEXT) AS key UNION SELECT 'package_tags.package' AS place, CAST(NEW."package" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "packages" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "packages"."id" IN (OLD."package", NEW."package");
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_package_tags_delete" AFTER DELETE ON "package_tags"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'package_tags.package' AS place, CAST(OLD."package" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "packages" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "packages"."id" IN (OLD."package");
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_dependencies_insert" AFTER INSERT ON "dependencies"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'dependencies.package' AS place, CAST(NEW."package" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "packages" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "packages"."id" IN (NEW."package");
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_dependencies_update" AFTER UPDATE ON "dependencies"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'dependencies.package' AS place, CAST(OLD."package" AS TEXT) AS key UNION SELECT 'dependencies.package' AS place, CAST(NEW."package" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "packages" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "packages"."id" IN (OLD."package", NEW."package");
  UPDATE hornbeam_log SET touching = 0;
END;
CREATE TRIGGER "hornbeam_dependencies_delete" AFTER DELETE ON "dependencies"
WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT place, key, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM (SELECT 'dependencies.package' AS place, CAST(OLD."package" AS TEXT) AS key) WHERE key IS NOT NULL;
  UPDATE hornbeam_log SET touching = 1;
  UPDATE "packages" SET last_touched = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) WHERE "packages"."id" IN (OLD."package");
  UPDATE hornbeam_log SET touching = 0;
END;
