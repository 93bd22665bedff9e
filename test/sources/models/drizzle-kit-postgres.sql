CREATE SCHEMA "shop";
--> statement-breakpoint
CREATE TYPE "public"."user_status" AS ENUM('active', 'paused');--> statement-breakpoint
CREATE TYPE "shop"."size" AS ENUM('s', 'm');--> statement-breakpoint
CREATE SEQUENCE "public"."tickets" INCREMENT BY 2 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 100 CACHE 1;--> statement-breakpoint
CREATE TABLE "users" (
	"id" serial PRIMARY KEY NOT NULL,
	"token" uuid DEFAULT gen_random_uuid() NOT NULL,
	"email" varchar(255) NOT NULL,
	"first_name" text DEFAULT '' NOT NULL,
	"nick" text,
	"status" "user_status" DEFAULT 'active' NOT NULL,
	"wakes" time DEFAULT '08:30' NOT NULL,
	"born" date,
	"score" double precision DEFAULT 0.5,
	"balance" numeric(12, 2) DEFAULT '0' NOT NULL,
	"tags" text[] DEFAULT '{}' NOT NULL,
	"history" "user_status"[] DEFAULT '{"active"}',
	"settings" jsonb DEFAULT '{"theme":"dark","sizes":[1,2]}'::jsonb NOT NULL,
	"is_admin" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3),
	"since" timestamp DEFAULT '2024-02-29 10:20:30.000',
	"shout" text GENERATED ALWAYS AS (upper("users"."email")) STORED,
	"boss" integer,
	CONSTRAINT "users_email_unique" UNIQUE("email"),
	CONSTRAINT "users_nick" UNIQUE NULLS NOT DISTINCT("nick"),
	CONSTRAINT "users_name_born" UNIQUE NULLS NOT DISTINCT("first_name","born"),
	CONSTRAINT "users_balance" CHECK ("users"."balance" >= 0)
);
--> statement-breakpoint
CREATE TABLE "shop"."orders" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "shop"."orders_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1000 CACHE 1),
	"user" integer NOT NULL,
	"size" "shop"."size" DEFAULT 'm',
	CONSTRAINT "orders_size" CHECK ("shop"."orders"."size" in ('s', 'm'))
);
--> statement-breakpoint
CREATE TABLE "shop"."lines" (
	"order" bigint,
	"line" integer NOT NULL,
	CONSTRAINT "lines_order_line_pk" PRIMARY KEY("order","line")
);
--> statement-breakpoint
CREATE TABLE "secrets" (
	"id" integer PRIMARY KEY NOT NULL
);
--> statement-breakpoint
ALTER TABLE "secrets" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_boss_users_id_fk" FOREIGN KEY ("boss") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shop"."orders" ADD CONSTRAINT "orders_user_users_id_fk" FOREIGN KEY ("user") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE cascade;--> statement-breakpoint
ALTER TABLE "shop"."lines" ADD CONSTRAINT "lines_order_orders_id_fk" FOREIGN KEY ("order") REFERENCES "shop"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "users_created" ON "users" USING btree ("status","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "users_open" ON "users" USING btree ("born") WHERE "users"."updated_at" is null;--> statement-breakpoint
CREATE INDEX "users_is_admin_index" ON "users" USING btree ("is_admin");--> statement-breakpoint
CREATE INDEX "users_pulled" ON "users" USING btree ("email" text_ops,"id" int4_ops);--> statement-breakpoint
CREATE UNIQUE INDEX "users_lower" ON "users" USING btree (lower("email"));--> statement-breakpoint
CREATE VIEW "public"."admins" AS (select "id", "email" from "users" where "users"."is_admin");--> statement-breakpoint
CREATE MATERIALIZED VIEW "public"."counts" AS (select "status", count(*) as "n" from "users" group by "users"."status");--> statement-breakpoint
CREATE POLICY "nobody" ON "secrets" AS PERMISSIVE FOR SELECT TO public USING (false);
