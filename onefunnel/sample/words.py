"""The words the sample company's people type, each with what it means, annotated by hand.

The annotations are the ground truth: they are not read from the agreement, tests compare the two.
"""

from __future__ import annotations

YES, NO, UNKNOWN = 1, 0, -1

# (title, has authority under version 1, under version 2 and the draft)
TITLES = tuple(
    [
        (t, YES, YES)
        for t in (
            "Purchase Manager",
            "Purchase Manager",
            "Manager - Purchase",
            "Sr. Manager (Procurement)",
            "GM - Projects",
            "General Manager",
            "AGM Utilities",
            "DGM-Maintenance",
            "Proprietor",
            "Proprietor",
            "PROPRIETOR",
            "Plant Head",
            "Head - Procurement",
            "Director",
            "Director",
            "Managing Director",
            "M.D.",
            "CEO",
            "Owner",
            "Partner",
            "Co-Founder",
            "Founder & CEO",
            "VP Operations",
            "Vice President - Works",
            "Factory Manager",
            "Works Manager",
            "Maintenance Manager",
            "Executive Director",
            "Chief Engineer",
            "President",
            "Asst. General Manager - Works",
            "Project Manager",
            "Chief Executive Officer",
        )
    ]
    + [
        (t, NO, NO)
        for t in (
            "Intern",
            "Summer Intern",
            "Purchase Executive",
            "Sales Executive",
            "Executive - Stores",
            "Executive Assistant to MD",
            "Assistant Manager",
            "Purchase Assistant",
            "Jr. Engineer",
            "Trainee",
            "Graduate Engineer Trainee",
            "Student",
            "Stores Officer",
            "Site Supervisor",
            "Secretary to Director",
            "Junior Buyer",
            "Clerk",
        )
    ]
    + [("Buyer", UNKNOWN, YES), ("Senior Buyer", UNKNOWN, YES)]
    + [(t, UNKNOWN, UNKNOWN) for t in ("Engineer", "Consultant", "NA", "Mr.", "Contractor", "Process Engineer", "-")]
)
FIT_INDUSTRIES = (
    "Chemicals",
    "Pharmaceuticals",
    "Water and Wastewater",
    "Food and Beverage",
    "Oil and Gas",
    "Power",
    "Textiles",
    "Pulp and Paper",
    "Sugar and Distilleries",
)
DRAFT_INDUSTRIES = FIT_INDUSTRIES[:6]
# our industry -> (share of the market, the words people type for it)
INDUSTRY_WORDS = {
    "Chemicals": (
        16,
        ("Chemicals", "Chemical", "CHEMICAL MFG", "Speciality Chemicals", "Dyes & Intermediates"),
    ),
    "Pharmaceuticals": (
        13,
        ("Pharmaceuticals", "Pharma", "PHARMA", "Bulk Drugs / API", "Life Sciences"),
    ),
    "Water and Wastewater": (9, ("Water Treatment", "Water & Waste Water", "ETP/STP Contractor")),
    "Food and Beverage": (9, ("Food & Beverage", "Food Processing", "FMCG Foods", "Dairy")),
    "Oil and Gas": (4, ("Oil & Gas", "Oil and Gas", "Petrochemicals")),
    "Power": (4, ("Power", "Thermal Power", "Boilers & Power")),
    "Textiles": (6, ("Textiles", "Textile", "Textile Processing")),
    "Pulp and Paper": (3, ("Pulp & Paper", "Paper Mill")),
    "Sugar and Distilleries": (3, ("Sugar", "Sugar & Distillery")),
    "Construction": (9, ("Construction", "Builders & Developers", "Real Estate")),
    "Trading": (9, ("Trading", "Trader", "Dealers & Distributors")),
    "Automotive": (5, ("Automotive", "Auto Components")),
    "IT Services": (3, ("IT Services", "Software")),
    "Education": (3, ("Education", "College / Institute")),
    "Retail": (4, ("Retail", "Hardware Shop")),
}
# mapped only from version 2 of the agreement on
LATE_WORDS = {"ETP/STP Contractor": "Water and Wastewater", "Life Sciences": "Pharmaceuticals"}
UNMAPPED_WORDS = ("Others", "Manufacturing", "Industrial", "MSME", "Misc.")


def _industry_table() -> tuple[tuple[str, str, int, int, int], ...]:
    """Every source word as (word, our industry, fits under version 1, under version 2, under the draft)."""
    rows = []
    for industry, (_, words) in INDUSTRY_WORDS.items():
        fits = YES if industry in FIT_INDUSTRIES else NO
        draft = YES if industry in DRAFT_INDUSTRIES else NO
        rows += [(w, industry, UNKNOWN if w in LATE_WORDS else fits, fits, draft) for w in words]
    return tuple(rows + [(w, "", UNKNOWN, UNKNOWN, UNKNOWN) for w in UNMAPPED_WORDS])


WORDS = _industry_table()

# source: (share of leads, chance that the firm is a serious one, words typed, kind of first touch)
SOURCES = {
    "indiamart": (29, 0.34, ("IndiaMART", "IndiaMART", "Indiamart"), "form_fill"),
    "google": (16, 0.44, ("Google Ads", "Google Ads", "Google AdWords"), "form_fill"),
    "website": (13, 0.52, ("Website", "Web Form"), "form_fill"),
    "whatsapp": (8, 0.42, ("WhatsApp", "Whatsapp Business"), "whatsapp_in"),
    "fair": (10, 0.52, ("Trade Fair", "Exhibition"), "fair"),
    "linkedin": (8, 0.50, ("LinkedIn", "Linkedin Ads"), "form_fill"),
    "meta": (4, 0.30, ("Facebook", "Instagram"), "form_fill"),
    "referral": (6, 0.66, ("Referral", "Customer Reference"), "call_in"),
    "dealer": (4, 0.60, ("Dealer", "Channel Partner"), "campaign_member"),
    "cold_call": (2, 0.40, ("Cold Call",), "campaign_member"),
}
SOURCE_NAMES = tuple(SOURCES)

NEW, NURTURE, HANDED = "New", "Nurture", "Handed to Sales"
ACCEPTED, SALES_QUALIFIED, CONVERTED = "Accepted by Sales", "Sales Qualified", "Converted"
RECYCLED, DISQUALIFIED, JUNK = "Recycled to Marketing", "Disqualified", "Junk Lead"
DESK_STATUS = {
    NEW: "Enquiry",
    NURTURE: "Warm",
    HANDED: "With Sales",
    ACCEPTED: "Working",
    SALES_QUALIFIED: "BANT OK",
    CONVERTED: "Quoted",
    RECYCLED: "Back to Marketing",
    DISQUALIFIED: "Dead",
    JUNK: "Dead",
}
CLOSING = (
    "Not Interested",
    "No Response After 5 Attempts",
    "Bought From Competitor",
    "No Budget",
    "Wrong Contact",
    "Out of Product Range",
)
RECYCLING = ("Timing Not Right", "Needs Nurturing")
REASONS = (
    "project deferred",
    "price too high for pilot",
    "asked to call next quarter",
    "only collecting quotations",
    "capacity below our range",
    "number not reachable",
)

STAGES = ("Requirement Study", "Technical Offer", "Commercial Offer", "Negotiation", "PO Awaited")
WON, LOST, REGRETTED = "Closed Won", "Closed Lost", "Regretted by Us"
DESK_STAGES = {
    STAGES[0]: "Enquiry Logged",
    STAGES[1]: "Offer Sent",
    STAGES[2]: "Offer Sent",
    STAGES[3]: "Proforma Issued",
    STAGES[4]: "Proforma Issued",
    WON: "Order Confirmed",
    LOST: "Order Lost",
    REGRETTED: "Order Lost",
}
LOST_REASONS = (
    "Price",
    "Delivery time",
    "Lost to competitor",
    "Project dropped",
    "Budget frozen",
    "Technical mismatch",
    "No decision",
    "Payment terms",
)
COMPETITORS = (
    "Kirti Pumps",
    "Bharat Flowtech",
    "Nordal Valves",
    "Jindhara Pumps",
    "local fabricator",
)
CALL_OBJECTIONS = ("price objection", "has supplier")
INTENT_KINDS = ("demo_request", "pricing_page", "call_in", "whatsapp_in", "form_fill", "fair")
KINDS = ("page_view", "email_click", "campaign_member", "webinar", *INTENT_KINDS)
