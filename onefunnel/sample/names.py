"""Invented names of people, firms and places; none of them is meant to be a real company."""


def _words(text: str, between: str | None = None) -> list[str]:
    return text.split(between)


FIRST_NAMES = _words(
    "aarti abhay ajit amol anil anita anjali arun ashok deepa dinesh farhan gauri girish harish "
    "hema imran jaya joseph kavita kiran lalit latha mahesh manoj meera mohan nandini naveen "
    "nikhil pooja prakash priya rajesh rekha rohit sameer sandeep shilpa sunil suresh tanvi uday "
    "usha vandana vijay vinod yogesh zubin",
)
SURNAMES = _words(
    "agarwal ahuja banerjee bhat bhosale chauhan chavan dalvi das desai deshmukh dsouza gaikwad "
    "ghosh gokhale gupta iyer jadhav jain joshi kadam kale khan kulkarni kumar mehta menon mishra "
    "more nair naidu patel patil pillai rao reddy sawant shah sharma shetty shinde singh thakur "
    "thomas trivedi varma yadav",
)
FIRM_PREFIXES = _words(
    "Aarohi Adinath Ajanta Amber Anant Arihant Ashwini Aurum Bhavani Bluepeak Chandan Deccan Devki "
    "Dhanvi Ekdant Galaxy Ganga Girnar Godhuli Harsha Himgiri Indus Jagdamba Jalaram Kaveri Kedar "
    "Konkan Krishna Kumud Lakshya Mahalaxmi Malhar Mandar Marigold Meghna Narmada Navkar Neelkanth "
    "Nimbus Omkar Padma Panchganga Parijat Pavan Pragati Rajdeep Ratna Rishabh Sagar Sahara "
    "Samarth Sankalp Saptarshi Sharada Shivneri Shree Siddhi Suvarna Swastik Tapi Trimurti "
    "Trident Udaan Utkarsh Vaibhav Varun Vasundhara Vedant Vindhya Vishal Vishwa Yamuna Yash "
    "Zenith",
)
FIRM_CORES = _words(
    "Agro,Alloys,Beverages,Biotech,Boilers,Castings,Cement,Chem,Chlorides,Coatings,Cooling,Dairy,"
    "Distilleries,Dyechem,Dyestuff,Effluent,Energy,Engineers,Enviro,Fertilisers,Fibres,Foods,"
    "Formulations,Hydro,Infra,Intermediates,Labs,Lifesciences,Metals,Mills,Minerals,Oleo,Organics,"
    "Papers,Petro,Pharma,Polymers,Power,Processors,Projects,Remedies,Solvents,Spinners,Steels,"
    "Sugars,Synthetics,Textiles,Trading,Utilities,Water",
    ",",
)
FIRM_SUFFIXES = (
    "Pvt Ltd",
    "Private Limited",
    "Ltd",
    "Industries",
    "Enterprises",
    "LLP",
    "& Co",
    "",
)
FOREIGN_PREFIXES = _words(
    "Al Noor,Al Safa,Bay Delta,Blue Nile,Coral,Desert Rose,Dhaleswari,Eastwind,Gulf Crest,Jubilee,"
    "Kilima,Lakeside,Lumbini,Mawingu,Meghna Delta,Northgate,Oasis,Palm Grove,Rift,Sandstone,"
    "Savanna,Sigiri,Sunda,Tana,Zambezi",
    ",",
)
FOREIGN_SUFFIXES = ("LLC", "FZE", "Ltd", "Trading Est", "GmbH", "Inc", "Plc", "")

# city, state, the state's two GST digits
CITIES = (
    ("Pune", "Maharashtra", "27"),
    ("Mumbai", "Maharashtra", "27"),
    ("Nashik", "Maharashtra", "27"),
    ("Kolhapur", "Maharashtra", "27"),
    ("Nagpur", "Maharashtra", "27"),
    ("Thane", "Maharashtra", "27"),
    ("Ahmedabad", "Gujarat", "24"),
    ("Vapi", "Gujarat", "24"),
    ("Ankleshwar", "Gujarat", "24"),
    ("Vadodara", "Gujarat", "24"),
    ("Surat", "Gujarat", "24"),
    ("Chennai", "Tamil Nadu", "33"),
    ("Coimbatore", "Tamil Nadu", "33"),
    ("Bengaluru", "Karnataka", "29"),
    ("Hyderabad", "Telangana", "36"),
    ("Visakhapatnam", "Andhra Pradesh", "37"),
    ("New Delhi", "Delhi", "07"),
    ("Gurugram", "Haryana", "06"),
    ("Noida", "Uttar Pradesh", "09"),
    ("Ludhiana", "Punjab", "03"),
    ("Kolkata", "West Bengal", "19"),
    ("Indore", "Madhya Pradesh", "23"),
    ("Raipur", "Chhattisgarh", "22"),
    ("Jaipur", "Rajasthan", "08"),
    ("Kochi", "Kerala", "32"),
    ("Jamshedpur", "Jharkhand", "20"),
    ("Bhubaneswar", "Odisha", "21"),
)
# abroad: city, country
ABROAD = (
    ("Dubai", "United Arab Emirates"),
    ("Sharjah", "UAE"),
    ("Riyadh", "Saudi Arabia"),
    ("Dhaka", "Bangladesh"),
    ("Kathmandu", "Nepal"),
    ("Colombo", "Sri Lanka"),
    ("Nairobi", "Kenya"),
    ("Jakarta", "Indonesia"),
    ("Hamburg", "Germany"),
    ("Houston", "United States"),
)
